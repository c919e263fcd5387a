import type { JsonObject } from "../../definitions/metadata.ts";
import { resolveConfig, withDefaults } from "../../definitions/resolve-config.ts";
import { jobOpConfig } from "../../planning/index.ts";
import type { RunStep } from "../plan/run-plan.ts";

/**
 * The config of each step, by step key: checked, with defaults from the job and from the op. Throws
 * `DefinitionsError`, before anything has run, when the run's config is not what an op declared.
 */
export function opConfigs(
  steps: readonly RunStep[],
  runConfig: JsonObject,
  jobConfig: JsonObject | undefined,
): ReadonlyMap<string, JsonObject> {
  return new Map(
    steps.map(({ key, definition: { config } }) => {
      const given = jobOpConfig(runConfig, key);
      const fromJob = jobOpConfig(jobConfig, key);
      if (config === undefined) return [key, given ?? fromJob ?? {}] as const;
      const fields = fromJob === undefined ? config : withDefaults(config, fromJob);
      return [key, resolveConfig(fields, given ?? {}, `ops.${key}.config`)] as const;
    }),
  );
}
