import { TRANSLATION_SCHEMA } from "./translation.ts";

interface Property {
  readonly [keyword: string]: unknown;
}

const text = (description: string, fallback?: string): Property => ({
  type: "string",
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});
const nullableText = (description: string): Property => ({
  type: ["string", "null"],
  description,
  default: null,
});
const flag = (description: string, fallback = false): Property => ({
  type: "boolean",
  description,
  default: fallback,
});
const count = (description: string, fallback: number): Property => ({
  type: "integer",
  description,
  default: fallback,
});
const choice = (description: string, ...choices: readonly string[]): Property => ({
  type: "string",
  enum: choices,
  description,
  default: choices[0],
});
/** Text is let through to where the refusal can say what to do instead. */
const codeOnly = (what: string): Property => ({
  type: ["string", "null"],
  description: `${what} A function: given by a component class of the project, not by YAML.`,
  default: null,
});

/** JSON schema of the component's attributes. None is required; a template may stand for any value. */
export const ATTRIBUTES_SCHEMA = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    binary_path: text(
      "The engine: a path, or a name on PATH. `rocky` falls back to the embedded engine.",
      "rocky",
    ),
    config_path: text("The engine's configuration; part of the state key.", "rocky.toml"),
    state_path: nullableText("The engine's own state file."),
    state_namespace: nullableText("The engine's state namespace; wins over state_path."),
    models_dir: text("Folder of the models.", "models"),
    contracts_dir: nullableText("Folder of contract files."),
    translator_class: nullableText("`module.Class` of the project: a subclass of RockyDagsterTranslator."),
    translation: {
      description: "Changes asset specs table by table; a mapping, or a template that gives one.",
      anyOf: [TRANSLATION_SCHEMA, { type: "string" }, { type: "null" }],
      default: null,
    },
    defs_state: {
      description: "Where the component keeps its state.",
      anyOf: [
        {
          type: "object",
          additionalProperties: false,
          properties: {
            key: nullableText("Default: RockyComponent[<config_path>]."),
            management_type: choice(
              "The storage of the state.",
              "LOCAL_FILESYSTEM",
              "VERSIONED_STATE_STORAGE",
              "LEGACY_CODE_SERVER_SNAPSHOTS",
            ),
            refresh_if_dev: flag("Refresh on every load under `dagster dev`.", true),
          },
        },
        { type: "string" },
      ],
    },
    surface_optimize_metadata: flag("Show the engine's recommendations on assets.", true),
    surface_derived_models: flag("Show compiled models as assets."),
    dag_mode: flag("Show the engine's whole graph instead of replicated tables and models."),
    enable_sensor: flag("Add a sensor that asks for runs of sources that have synced."),
    sensor_granularity: choice("What one request of the sensor is for.", "per_source", "per_group"),
    sensor_interval_seconds: count("Shortest time between two looks of the sensor.", 300),
    execution_mode: choice("How runs of replicated tables reach the engine.", "streaming", "pipes"),
    op_tags: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Tags of the ops, such as pools or Kubernetes settings.",
      default: {},
    },
    strict_doctor: flag("Run `doctor` before the first engine call of a run and stop when it is unhealthy."),
    strict_doctor_checks: {
      type: "array",
      items: { type: "string" },
      description: "Doctor checks that stop a run; all when empty.",
      default: [],
    },
    surface_compliance: flag("Show classification exceptions as a check."),
    surface_configured_checks: flag("Declare the checks that the configuration names."),
    surface_retention_status: flag("Show retention as observations."),
    discover_on_missing_state: flag(
      "Write missing local state when assets are loaded, outside `dagster dev`.",
    ),
    post_state_write_hook: codeOnly("Called with the state file's path after every successful write."),
    surface_column_lineage: flag("Show column lineage."),
    timeout_seconds: count("Limit of one engine call.", 3600),
    server_url: nullableText("Address of a `rocky serve` that answers compile, lineage and metrics."),
    shadow_suffix_fn: codeOnly("Gives each run its shadow suffix, as branch deployments need."),
    governance_override_fn: codeOnly("Gives each run its governance override."),
    idempotency_key_fn: codeOnly("Gives each run its idempotency key."),
    strict_build: flag("Fail instead of showing less when discovery, the graph or the state is missing."),
    tenant: {
      description: "Shows sources that differ only in one component once, partitioned by that component.",
      anyOf: [
        {
          type: "object",
          additionalProperties: false,
          required: ["component", "partitions_name"],
          properties: {
            component: text("The component that tells tenants apart."),
            partitions_name: text("Name of the dynamic partition set."),
            sync_partitions_from_discover: flag("Let the sensor add tenants to the set.", true),
            scope_runs_to_selection: flag("Run only the sources of a strict subset of assets."),
          },
        },
        { type: "null" },
      ],
      default: null,
    },
    satisfy_empty_outputs: flag("Materialise selected tables that the engine had no rows for."),
  },
} as const;

export type AttributeName = keyof typeof ATTRIBUTES_SCHEMA.properties;
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES_SCHEMA.properties) as readonly AttributeName[];
