import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { decodeMessage, type EncodableMessage, encodeMessage, type MessageShape } from "./codec.ts";
import { type Handlers, type MethodName, methods, SERVICE_NAME } from "./service.ts";

type AnyMessage = EncodableMessage<MessageShape>;

const describe = (name: MethodName): ServiceDefinition[string] => {
  const { request, reply, streams } = methods[name] as {
    request: MessageShape;
    reply: MessageShape;
    streams: boolean;
  };
  return {
    path: `/${SERVICE_NAME}/${name}`,
    requestStream: false,
    responseStream: streams,
    requestSerialize: (message: AnyMessage) => encodeMessage(request, message),
    requestDeserialize: (bytes: Buffer) => decodeMessage(request, bytes),
    responseSerialize: (message: AnyMessage) => encodeMessage(reply, message),
    responseDeserialize: (bytes: Buffer) => decodeMessage(reply, bytes),
  };
};

const names = Object.keys(methods) as MethodName[];

export const dagsterApi: ServiceDefinition = Object.fromEntries(names.map((name) => [name, describe(name)]));

/** Reached only by a defect of the server itself: user-code failures are answered with typed payloads. */
const asStatus = (error: unknown) => ({
  code: status.INTERNAL,
  details: error instanceof Error ? error.message : String(error),
});

type UnaryHandler = (request: unknown) => unknown;
type StreamHandler = (request: unknown) => AsyncIterable<AnyMessage>;

const unaryCall =
  (handle: UnaryHandler) =>
  (call: ServerUnaryCall<unknown, AnyMessage>, done: sendUnaryData<AnyMessage>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (reply) => done(null, reply as AnyMessage),
        (error: unknown) => done(asStatus(error)),
      );
  };

const drained = (call: ServerWritableStream<unknown, AnyMessage>): Promise<void> =>
  new Promise((resolve) => {
    call.once("drain", resolve);
    call.once("cancelled", resolve);
    call.once("close", resolve);
  });

const streamCall =
  (handle: StreamHandler) =>
  async (call: ServerWritableStream<unknown, AnyMessage>): Promise<void> => {
    try {
      for await (const event of handle(call.request)) {
        if (call.cancelled) return;
        // The host reads slower than we can write: without this a whole repository would sit in the socket buffer.
        if (!call.write(event)) await drained(call);
      }
      call.end();
    } catch (error) {
      call.emit("error", asStatus(error));
    }
  };

export const implement = (handlers: Handlers): UntypedServiceImplementation =>
  Object.fromEntries(
    names.map((name) => [
      name,
      methods[name].streams
        ? streamCall(handlers[name] as StreamHandler)
        : unaryCall(handlers[name] as UnaryHandler),
    ]),
  ) as UntypedServiceImplementation;
