export type { CommandName, CommandOptions, CommandResult } from "./commands/index.ts";
export type { CommandConfig } from "./commands/command.ts";
export type { PartitionOptions, RunModelOptions, RunModifiers, RunOptions } from "./commands/running.ts";
export {
  createRockyResource,
  type ResourceSurroundings,
  type RockyResourceOptions,
} from "./create-resource.ts";
export type { JsonRecord } from "./decode.ts";
export { RockyError, type RockyErrorDetails, type RockyErrorKind, toFailure } from "./errors.ts";
export type { AnomalyCheck, HeardFacts } from "./heard.ts";
export type { RunResolvers } from "./modifiers.ts";
export type * from "./outputs/index.ts";
export type { PlanFacts, RunReport } from "./plan-then-apply.ts";
export type { GovernanceOverride, Resolver, ResolverContext, ResolverMethod } from "./resolver.ts";
export type {
  CallOptions,
  Method,
  PipesOpener,
  PlainCommand,
  RockyResource,
  RockyResourceConfig,
} from "./rocky-resource.ts";
export type { EngineEvent, RockyTransport } from "./transport.ts";
export { MIN_ROCKY_VERSION } from "./version-gate.ts";
export type { PipesSession } from "./pipes/session.ts";
