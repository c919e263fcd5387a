import { configuredPipelines } from "./pipelines.ts";
import { discoverSlot, EMPTY_DISCOVER } from "./slots.ts";
import type { WriteStateInput } from "./write-state.ts";
import { isObject, type JsonRecord } from "../json.ts";

/**
 * Discovers all sources. `discover` answers for one replication pipeline and refuses to choose: with
 * several pipelines it is asked for each replication pipeline, and for none when there is none. A graph
 * knows its pipelines itself, so that in `dag_mode` only a single pipeline is discovered, as Python does.
 */
export async function discoverAll(input: WriteStateInput): Promise<unknown> {
  const { options, engine, signal } = input;
  const call = signal ? { signal } : {};
  const pipelines = await configuredPipelines(input.projectRoot, options.configPath);
  const replicating = pipelines?.filter(({ type }) => type === "replication");
  if (!pipelines || !replicating || pipelines.length <= 1) {
    if (replicating?.length === 0 && pipelines?.length === 1) return EMPTY_DISCOVER;
    return discoverSlot(await engine.payload("discover", {}, call));
  }
  if (options.dagMode || replicating.length === 0) return EMPTY_DISCOVER;
  const answers = await Promise.all(
    replicating.map(async ({ name }) => ({
      name,
      payload: await engine.payload("discover", { pipeline: name }, call),
    })),
  );
  return discoverSlot(merged(answers));
}

function merged(answers: readonly { readonly name: string; readonly payload: JsonRecord }[]): JsonRecord {
  const together = (key: string): readonly unknown[] =>
    answers.flatMap(({ payload }) => (Array.isArray(payload[key]) ? payload[key] : []));
  const [first] = answers;
  return {
    ...first?.payload,
    sources: answers.flatMap(({ name, payload }) =>
      (Array.isArray(payload.sources) ? payload.sources : []).map((source) => ({
        ...source,
        pipeline: name,
      })),
    ),
    checks: mergedChecks(answers.map(({ payload }) => payload.checks)),
    excluded_tables: together("excluded_tables"),
    failed_sources: together("failed_sources"),
    collision_candidates: together("collision_candidates"),
    new_sources: [...new Set(together("new_sources"))],
  };
}

/** The state has one set of checks: the strictest freshness, and the checks of each table together. */
function mergedChecks(all: readonly unknown[]): JsonRecord | null {
  const checks = all.filter(isObject);
  if (checks.length === 0) return null;
  const limits = checks.flatMap(({ freshness }) =>
    isObject(freshness) && typeof freshness.threshold_seconds === "number"
      ? [freshness.threshold_seconds]
      : [],
  );
  const configured: Record<string, unknown[]> = {};
  for (const { configured_checks: byTable } of checks) {
    if (!isObject(byTable)) continue;
    for (const [table, named] of Object.entries(byTable)) {
      if (Array.isArray(named)) configured[table] = [...(configured[table] ?? []), ...named];
    }
  }
  return {
    freshness: limits.length === 0 ? null : { threshold_seconds: Math.min(...limits) },
    configured_checks: configured,
  };
}
