export type { EngineEvent, InvocationContext, InvocationResult } from "./commands/invocation.ts";
export { invoke } from "./commands/invoke.ts";
export {
  type ErrorLocation,
  formatError,
  RockyError,
  type RockyErrorCode,
  type RockyErrorOptions,
} from "./errors.ts";
export { ENGINE_VERSION } from "./version.ts";
export {
  type CallOptions,
  type Finished,
  type Options,
  type Output,
  Rocky,
  type RockyOptions,
} from "./embed/rocky.ts";
export type { Outputs } from "./embed/outputs.ts";
export type * from "./output/schemas/index.ts";

/** The JSON schemas of every payload, by name; loaded when asked for. */
export const loadOutputSchemas = async () => (await import("./output/schemas/index.ts")).outputSchemas;
