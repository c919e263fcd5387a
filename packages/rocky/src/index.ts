export type { EngineEvent, InvocationContext, InvocationResult } from "./commands/invocation.ts";
