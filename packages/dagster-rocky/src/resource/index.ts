export { createRockyResource, type RockyResourceOptions } from "./create-resource.ts";
export { RockyError, type RockyErrorKind, toFailure } from "./errors.ts";
export type { RunReport } from "./plan-then-apply.ts";
export type { GovernanceOverride, Resolver, ResolverContext, ResolverMethod } from "./resolver.ts";
export type { CallOptions, RockyResource } from "./rocky-resource.ts";
export type { EngineEvent, RockyTransport } from "./transport.ts";
export { MIN_ROCKY_VERSION } from "./version-gate.ts";
