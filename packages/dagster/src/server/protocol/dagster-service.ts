import type { RpcMethod } from "./rpc.ts";
import { type Handlers, type MethodName, methods, SERVICE_NAME } from "./service.ts";

const names = Object.keys(methods) as MethodName[];

/** The methods of `api.DagsterApi` by path. */
export const dagsterMethods = (handlers: Handlers): ReadonlyMap<string, RpcMethod> =>
  new Map(
    names.map((name) => [
      `/${SERVICE_NAME}/${name}`,
      { ...methods[name], handle: handlers[name] as RpcMethod["handle"] },
    ]),
  );
