import type {
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { type DecodedMessage, decodeMessage, type EncodableMessage, encodeMessage } from "./codec.ts";

const request = { service: [1, "string"] } as const;
const reply = { status: [1, "int32"] } as const;
type Request = DecodedMessage<typeof request>;
type Reply = EncodableMessage<typeof reply>;

const SERVING = 1;
/** The name Dagster's tools ask for, and the empty one that generic probes use. */
const known = new Set(["", "DagsterApi", "api.DagsterApi"]);

const method = (name: string, responseStream: boolean): ServiceDefinition[string] => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: (message: EncodableMessage<typeof request>) => encodeMessage(request, message),
  requestDeserialize: (bytes: Buffer) => decodeMessage(request, bytes),
  responseSerialize: (message: Reply) => encodeMessage(reply, message),
  responseDeserialize: (bytes: Buffer) => decodeMessage(reply, bytes),
});

/** The standard health service; written here because the ready-made one parses a .proto at every start. */
export const healthService: ServiceDefinition = {
  Check: method("Check", false),
  Watch: method("Watch", true),
};

export const healthHandlers = {
  Check(call: ServerUnaryCall<Request, Reply>, done: sendUnaryData<Reply>): void {
    if (known.has(call.request.service)) done(null, { status: SERVING });
    else done({ code: status.NOT_FOUND, details: `unknown service ${call.request.service}` });
  },
  Watch(call: ServerWritableStream<Request, Reply>): void {
    // Stays open until the client leaves: the status does not change while the process answers.
    call.write({ status: SERVING });
  },
} as unknown as UntypedServiceImplementation;
