import type { DecodedMessage } from "./codec.ts";
import type { RpcMethod } from "./rpc.ts";
import { RpcError, STATUS } from "./status.ts";

export const healthRequest = { service: [1, "string"] } as const;
export const healthReply = { status: [1, "int32"] } as const;
export const HEALTH_CHECK = "/grpc.health.v1.Health/Check";
export const HEALTH_WATCH = "/grpc.health.v1.Health/Watch";
export const SERVING = 1;
const SERVICE_UNKNOWN = 3;

/** The name Dagster's tools ask for, and the empty one that generic probes use. */
const known = new Set(["", "DagsterApi", "api.DagsterApi"]);

type Request = DecodedMessage<typeof healthRequest>;

const check = ({ service }: Request) => {
  if (!known.has(service)) throw new RpcError(STATUS.notFound, `unknown service ${service}`);
  return { status: SERVING };
};

/** Stays open until the client leaves or the server ends: the status does not change while the process answers. */
async function* watch({ service }: Request) {
  yield { status: known.has(service) ? SERVING : SERVICE_UNKNOWN };
  await new Promise(() => undefined);
}

const method = (handle: (request: Request) => unknown, streams: boolean): RpcMethod => ({
  request: healthRequest,
  reply: healthReply,
  handle: handle as RpcMethod["handle"],
  streams,
});

/** The standard health service. */
export const healthMethods: ReadonlyMap<string, RpcMethod> = new Map([
  [HEALTH_CHECK, method(check, false)],
  [HEALTH_WATCH, method(watch, true)],
]);
