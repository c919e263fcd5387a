import { DefinitionsError } from "../definitions/errors.ts";
import { isConfigMapping, plainConfig } from "../definitions/job-config.ts";
import type { JsonObject, JsonValue } from "../definitions/metadata.ts";
import { resolveConfig, withDefaults } from "../definitions/resolve-config.ts";
import { withNested } from "../definitions/resource-values.ts";
import type { ConfigFields } from "../definitions/config.ts";
import { checkSections } from "./check-sections.ts";
import type { CompiledJob } from "./repository.ts";
import type { OpDefinition } from "./nodes.ts";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export type ConfigSection = "ops" | "resources";

/** What a run config says about one op or resource (`ops.<name>.config`). */
export function configIn(
  runConfig: JsonObject | undefined,
  section: ConfigSection,
  name: string,
): JsonObject | undefined {
  const entries = runConfig?.[section];
  const entry = isObject(entries) && Object.hasOwn(entries, name) ? entries[name] : undefined;
  const own = isObject(entry) ? entry.config : undefined;
  return isObject(own) ? own : undefined;
}

/** The names that a run config says something about. */
export function configuredNames(
  runConfig: JsonObject | undefined,
  section: ConfigSection,
): readonly string[] {
  const entries = runConfig?.[section];
  return isObject(entries) ? Object.keys(entries) : [];
}

/** The fields of an op or resource with the defaults that a job gives them. */
export function fieldsIn(
  fields: ConfigFields,
  jobConfig: JsonObject | undefined,
  section: ConfigSection,
  name: string,
): ConfigFields {
  const given = configIn(jobConfig, section, name);
  return given === undefined ? fields : withDefaults(fields, given);
}

/** The config of one run, checked, with defaults. */
export interface ResolvedRunConfig {
  /** The run config itself; for a job with a config mapping, what that gave. */
  readonly runConfig: JsonObject;
  opConfig(stepKey: string): JsonObject;
  resourceConfig(key: string): JsonObject;
}

export interface ConfiguredStep {
  readonly key: string;
  readonly definition: OpDefinition;
}

export interface RunConfigRequest {
  readonly job: CompiledJob;
  readonly steps: readonly ConfiguredStep[];
  readonly runConfig: JsonObject;
  /** Absent: what comes from the environment is left as it is, and is not checked. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * What each step and resource of a run is configured with. Throws `DefinitionsError`, before anything has run, when
 * the run's config is not what they declared.
 */
export function resolveRunConfig(request: RunConfigRequest): ResolvedRunConfig {
  const { job, steps, env } = request;
  const runConfig = mapped(request);
  checkSections(
    runConfig,
    job,
    steps.map(({ key }) => key),
  );
  const fromJob = plainConfig(job.definition?.config);
  const ops = new Map<string, JsonObject>();
  for (const { key, definition } of steps) {
    const given = configIn(runConfig, "ops", key);
    if (definition.config === undefined) {
      const own = given ?? configIn(fromJob, "ops", key);
      if (own !== undefined) ops.set(key, own);
      continue;
    }
    const fields = fieldsIn(definition.config, fromJob, "ops", key);
    ops.set(key, resolveConfig(fields, given ?? {}, `ops.${key}.config`, env));
  }
  const resources = new Map<string, JsonObject>();
  for (const key of withNested(job.resources, requiredResources(steps))) {
    const config = job.resources[key]?.config;
    if (config === undefined) continue;
    const given = configIn(runConfig, "resources", key) ?? {};
    const fields = fieldsIn(config, fromJob, "resources", key);
    resources.set(key, resolveConfig(fields, given, `resources.${key}.config`, env));
  }
  return {
    runConfig,
    opConfig: (stepKey) => ops.get(stepKey) ?? {},
    resourceConfig: (key) => resources.get(key) ?? {},
  };
}

/** Keys of the resources that these steps ask for themselves. */
export const requiredResources = (
  steps: readonly { readonly definition: OpDefinition }[],
): ReadonlySet<string> => new Set(steps.flatMap(({ definition }) => definition.requiredResourceKeys));

function mapped({ job, runConfig, env }: RunConfigRequest): JsonObject {
  const mapping = job.definition?.config;
  if (!isConfigMapping(mapping)) return runConfig;
  const values = resolveConfig(mapping.fields, runConfig, job.name, env);
  const given: unknown = mapping.toRunConfig(values);
  if (isObject(given as JsonValue)) return given as JsonObject;
  throw new DefinitionsError(
    `the config mapping of job \`${job.name}\` must give an object with a run config`,
  );
}
