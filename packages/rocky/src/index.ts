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
