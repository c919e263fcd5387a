import { availableParallelism } from "node:os";
import type { JsonObject } from "../../definitions/metadata.ts";
import { configSection } from "./run-row.ts";

/** Overrules the executor's own limit for one run. */
const MAX_CONCURRENT_TAG = "dagster-ts/max_concurrent_steps";

/**
 * How many steps may run side by side: the run's tag, else `execution.config` in the shapes that the
 * host's executors take, else the number of cores, as its default executor does.
 */
export function stepLimit(config: JsonObject, tags: Readonly<Record<string, string>>): number {
  const execution = configSection(config, "execution", "config");
  const multiprocess = configSection(execution, "multiprocess");
  const candidates = [
    Number(tags[MAX_CONCURRENT_TAG] ?? Number.NaN),
    multiprocess.max_concurrent,
    execution.max_concurrent,
  ];
  const given = candidates.find((value) => typeof value === "number" && value >= 1);
  if (typeof given === "number") return Math.floor(given);
  return "in_process" in execution ? 1 : availableParallelism();
}
