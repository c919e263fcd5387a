import {
  boolean,
  defaulted,
  either,
  type Infer,
  list,
  many,
  mapOf,
  number,
  object,
  optional,
  record,
  required,
  text,
} from "../decode.ts";

/** A component's value: one, or several for a variadic component. */
export type ComponentValue = string | readonly string[];

const componentValue = either<string, readonly string[]>(text, list(text));

const discoveredTable = object({ name: required("name", text), rowCount: optional("row_count", number) });
export type DiscoveredTable = Infer<typeof discoveredTable>;

const discoveredSource = object({
  id: required("id", text),
  components: defaulted<Readonly<Record<string, ComponentValue>>>("components", mapOf(componentValue), {}),
  sourceType: required("source_type", text),
  lastSyncAt: optional("last_sync_at", text),
  tables: many("tables", discoveredTable),
  metadata: optional("metadata", record),
  syncTrigger: optional("sync_trigger", boolean),
  /** The pipeline it was discovered with; set by the component when the configuration holds several. */
  pipeline: optional("pipeline", text),
});
export type DiscoveredSource = Infer<typeof discoveredSource>;

const configuredCheck = object({
  name: required("name", text),
  kind: optional("kind", text),
  candidate: defaulted("candidate", boolean, false),
});
export type ConfiguredCheck = Infer<typeof configuredCheck>;

const checksConfig = object({
  freshness: optional("freshness", object({ thresholdSeconds: required("threshold_seconds", number) })),
  configuredChecks: defaulted<Readonly<Record<string, readonly ConfiguredCheck[]>>>(
    "configured_checks",
    mapOf(list(configuredCheck)),
    {},
  ),
});
export type ChecksConfig = Infer<typeof checksConfig>;

const failedSource = object({
  id: required("id", text),
  schema: defaulted("schema", text, ""),
  sourceType: defaulted("source_type", text, ""),
  errorClass: defaulted("error_class", text, "unknown"),
  message: defaulted("message", text, ""),
  cooldownSeconds: optional("cooldown_seconds", number),
});
export type FailedSource = Infer<typeof failedSource>;

export const excludedTable = object({
  assetKey: required("asset_key", list(text)),
  sourceSchema: defaulted("source_schema", text, ""),
  tableName: defaulted("table_name", text, ""),
  reason: required("reason", text),
});
export type ExcludedTable = Infer<typeof excludedTable>;

const collisionCandidate = object({
  externalObjectId: required("external_object_id", text),
  sources: many("sources", text),
});

/** `rocky discover`. */
export const decodeDiscover = object({
  version: defaulted("version", text, ""),
  sources: required("sources", list(discoveredSource)),
  checks: optional("checks", checksConfig),
  excludedTables: many("excluded_tables", excludedTable),
  failedSources: many("failed_sources", failedSource),
  collisionCandidates: many("collision_candidates", collisionCandidate),
  newSources: many("new_sources", text),
  /** True when the engine itself started the syncs that it reports. */
  syncTrigger: defaulted("sync_trigger", boolean, false),
});
export type DiscoverOutput = Infer<typeof decodeDiscover>;
