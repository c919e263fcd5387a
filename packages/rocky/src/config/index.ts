export { ADAPTER_ROLES } from "./decode/adapter-roles.ts";
export { type BrokenRule, type InspectedConfig, inspectConfig, loadConfig } from "./load.ts";
export { createRedactor, type Redactor } from "./redact.ts";
export { createSecret, MASKED, type Secret } from "./secret.ts";
export type * from "./types/adapter.ts";
export type * from "./types/checks.ts";
export type * from "./types/config.ts";
export type * from "./types/pipeline.ts";
export type * from "./types/state.ts";
