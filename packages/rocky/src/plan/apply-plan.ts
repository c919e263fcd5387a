import type { CommandContext } from "../commands/context.ts";
import { RockyError } from "../errors.ts";
import { withHooks } from "../hooks/run-hooks.ts";
import { createRunEnvironment, type RunEnvironment } from "../run/environment.ts";
import { executeIn, type Executed } from "../run/execute.ts";
import {
  compileForRun,
  compileModel,
  loadRunModels,
  modelsDirectoryOf,
  selectTransformation,
} from "../run/project.ts";
import { type DiscoveredSource, discoverSources } from "../run/replication/discover.ts";
import { matchesSource, parseFilter } from "../run/replication/filter.ts";
import { selectReplication } from "../run/replication/select.ts";
import { sourceCatalogOf, targetSession } from "../run/replication/source-catalog.ts";
import type { RunRequest } from "../run/request.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { configSnapshot, modelsFingerprint, sourceSnapshot } from "./make-plan.ts";
import { type Plan, readPlan } from "./plan-file.ts";
import { applyPromotion } from "./promote-plan.ts";
import { requestFromJson } from "./request-json.ts";

const stale = (plan: Plan, what: string): RockyError =>
  new RockyError("plan_stale", `plan '${plan.planId}' is stale: ${what}`, {
    hint: "make a new plan with `rocky plan`",
  });

const textIn = (value: Json | undefined, key: string): string | undefined => {
  if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value))
    return undefined;
  const inner = (value as Readonly<Record<string, Json>>)[key];
  return typeof inner === "string" ? inner : undefined;
};

/** A person may apply an older plan and is told so; an agent may not, because nobody looks. */
const checkRunPlan = async (env: RunEnvironment, plan: Plan, request: RunRequest): Promise<void> => {
  const { context, config } = env;
  const planned = plan.payload.policy_capabilities;
  const report = (what: string): void => {
    if (context.principal === "agent") throw stale(plan, what);
    env.emit({
      level: "warn",
      message: `plan '${plan.planId}' is older than the project: ${what}`,
      fields: { event: "plan_stale" },
    });
  };
  if (textIn(planned, "config_identity") !== config.fingerprint) report(`${config.file} has changed`);
  // A replication that runs no models does not care whether they have changed.
  if (request.model === undefined && !request.all && request.modelsDirectory === undefined) return;
  const pipeline = request.model === undefined ? undefined : selectTransformation(config, request.pipeline);
  const loaded = loadRunModels(
    env,
    modelsDirectoryOf(config, { directory: request.modelsDirectory, pipeline }),
  );
  if (loaded.models.length === 0) return report("the models are gone");
  const project =
    request.model === undefined
      ? await compileForRun(env, loaded, request.variables)
      : await compileModel(env, loaded, request.variables, request.model);
  if (textIn(planned, "models_fingerprint") !== modelsFingerprint(project)) report("the models have changed");
};

const sourceText = (sources: readonly DiscoveredSource[]): ReadonlyMap<string, string> =>
  new Map(sources.map((source) => [source.id, canonicalJson(sourceSnapshot([source]))]));

const plannedSources = (plan: Plan): ReadonlyMap<string, string> => {
  const snapshot = plan.payload.source_state_snapshot;
  if (!Array.isArray(snapshot)) throw stale(plan, "it remembers no sources");
  return new Map(snapshot.map((source: Json) => [textIn(source, "id") ?? "", canonicalJson([source])]));
};

const checkReplicationPlan = async (env: RunEnvironment, plan: Plan, request: RunRequest): Promise<void> => {
  const { context, config } = env;
  if (
    canonicalJson(plan.payload.config_snapshot ?? null) !== canonicalJson(configSnapshot(context, config))
  ) {
    throw stale(plan, `${config.file} has changed`);
  }
  const pipeline = selectReplication(config, request.pipeline, "apply");
  // Opened for writing at once: the run that follows uses the same session.
  const session = await targetSession(env, pipeline, "write");
  const catalog = await sourceCatalogOf(env, pipeline, session);
  const { sources } = await discoverSources(env, pipeline, session, catalog);
  const filter = parseFilter(request.filter);
  const before = plannedSources(plan);
  const after = sourceText(sources);
  const inFilter = new Set(sources.filter((source) => matchesSource(filter, source)).map(({ id }) => id));
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(id) === after.get(id)) continue;
    // A source that is gone cannot be matched any more; without a filter it was certainly meant.
    if (filter === undefined || inFilter.has(id)) throw stale(plan, `source '${id}' has changed`);
    env.emit({
      level: "warn",
      message: `source '${id}' has changed since the plan; the filter leaves it out`,
    });
  }
};

/** Runs what a plan captured, after checking that it still fits the project. */
export const applyPlan = async (context: CommandContext, planId: string): Promise<Executed> => {
  const plan = await readPlan(context.cwd, planId);
  if (plan.kind === "promote") return applyPromotion(context, plan);
  const request = requestFromJson(plan.payload);
  const check = (env: RunEnvironment): Promise<void> =>
    plan.kind === "run" ? checkRunPlan(env, plan, request) : checkReplicationPlan(env, plan, request);
  if (plan.payload.dag === true) {
    {
      await using env = createRunEnvironment(context);
      await check(env);
    }
    return (await import("../run/dag/run-dag.ts")).executeDag(context, request);
  }
  return withHooks(context, async (hooked) => {
    await using env = createRunEnvironment(hooked);
    await check(env);
    return await executeIn(env, request);
  });
};
