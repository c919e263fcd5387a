import type { CommandContext } from "../commands/context.ts";
import { type Diagnostic, digest, isError } from "../compile/index.ts";
import type { ReplicationPipeline, RockyConfig } from "../config/index.ts";
import { duckDbDialect } from "../adapters/duckdb/dialect.ts";
import { RockyError } from "../errors.ts";
import { createRunEnvironment, type RunEnvironment } from "../run/environment.ts";
import { failureText } from "../run/failure.ts";
import {
  compileForRun,
  compileModel,
  loadRunModels,
  modelsDirectoryOf,
  type RunProject,
  selectTransformation,
} from "../run/project.ts";
import { type DiscoveredSource, discoverSources } from "../run/replication/discover.ts";
import { parseFilter } from "../run/replication/filter.ts";
import { type PlannedStatement, previewCopies } from "../run/replication/preview-sql.ts";
import { selectReplication } from "../run/replication/select.ts";
import { planCopies } from "../run/replication/tasks.ts";
import type { RunRequest } from "../run/request.ts";
import { ENGINE_VERSION, STATE_SCHEMA_VERSION } from "../version.ts";
import type { Json } from "./canonical-json.ts";
import { budgetDiagnostics } from "./budget-diagnostics.ts";
import { governanceActions } from "./governance-actions.ts";
import { findingsSince } from "./breaking-gate.ts";
import { type Plan, type PlanKind, planIdOf, writePlan } from "./plan-file.ts";
import { requestToJson } from "./request-json.ts";

export interface PlanRequest {
  readonly run: RunRequest;
  readonly parallel: number;
  /** The plan runs the whole graph. */
  readonly dag?: boolean;
  readonly governanceOverride: string | undefined;
  /** Git reference to compare the models with; undefined means no comparison. */
  readonly semanticBase?: string | undefined;
}

/** Over all queries: tells whether the models are still those that were planned. */
export const modelsFingerprint = (project: RunProject): string =>
  digest([...project.compiled.models.values()].map(({ name, sqlHash }) => `${name} ${sqlHash}`).join("\n"));

/** The sources as a plan remembers them, in a fixed order. */
export const sourceSnapshot = (sources: readonly DiscoveredSource[]): Json =>
  sources.map(({ id, schema, sourceType, tables }) => ({
    id,
    schema,
    source_type: sourceType,
    tables: tables.map((name) => ({ name, row_count: null })),
  }));

/** What the config says, without its secrets; how it says it (comments, order) may change. */
export const configSnapshot = (context: CommandContext, config: RockyConfig): Json => {
  const { sensitive: _sensitive, warnings: _warnings, fingerprint: _fingerprint, ...kept } = config;
  return JSON.parse(context.redactor.text(JSON.stringify(kept))) as Json;
};

/** Models of the project; undefined when there are none or they do not compile. */
const projectOf = async (env: RunEnvironment, request: RunRequest): Promise<RunProject | undefined> => {
  const directory = modelsDirectoryOf(env.config, {
    directory: request.modelsDirectory,
    pipeline: undefined,
  });
  try {
    const loaded = loadRunModels(env, directory);
    return loaded.models.length === 0 ? undefined : await compileForRun(env, loaded, request.variables);
  } catch (error) {
    env.emit({ level: "warn", message: `the models are left out of the plan: ${failureText(error)}` });
    return undefined;
  }
};

interface Drafted {
  readonly kind: PlanKind;
  readonly payload: Readonly<Record<string, Json>>;
  readonly statements: readonly PlannedStatement[];
  readonly project: RunProject | undefined;
}

/** The original reads all `.sql` files before the `.rocky` ones, and lists models in the order it read them. */
const inReadingOrder = ({ compiled }: RunProject): readonly string[] => {
  const isSql = (name: string): boolean => compiled.models.get(name)?.model.language === "sql";
  const names = [...compiled.models.keys()];
  return [...names.filter(isSql), ...names.filter((name) => !isSql(name))];
};

const runPayload = (base: Readonly<Record<string, Json>>, env: RunEnvironment, project: RunProject) => ({
  ...base,
  models: inReadingOrder(project),
  execution_layers: project.compiled.layers,
  policy_capabilities: {
    models_fingerprint: modelsFingerprint(project),
    config_identity: env.config.fingerprint,
    fingerprint_version: 2,
  },
});

const draftModel = async (
  env: RunEnvironment,
  base: Readonly<Record<string, Json>>,
  request: RunRequest,
  name: string,
): Promise<Drafted> => {
  const pipeline = selectTransformation(env.config, request.pipeline);
  const directory = modelsDirectoryOf(env.config, { directory: request.modelsDirectory, pipeline });
  const project = await compileModel(env, loadRunModels(env, directory), request.variables, name);
  const model = project.compiled.models.get(name);
  if (model === undefined) {
    throw new RockyError("unknown_name", `model '${name}' not found in '${directory}'`);
  }
  const { target, strategy } = model.model;
  const table = [target.catalog, target.schema, target.table].filter((part) => part !== "").join(".");
  return {
    kind: "run",
    payload: { ...runPayload(base, env, project), models: [name], execution_layers: [[name]] },
    statements: [{ purpose: strategy.type, target: table, sql: model.sql }],
    project,
  };
};

const draftReplication = async (
  context: CommandContext,
  env: RunEnvironment,
  base: Readonly<Record<string, Json>>,
  request: RunRequest,
): Promise<Drafted> => {
  const pipeline = selectReplication(env.config, request.pipeline, "plan");
  const filter = parseFilter(request.filter);
  const session = await env.session(pipeline.source.adapter, "read");
  const { sources } = await discoverSources(env, pipeline, session);
  const statements = previewCopies(
    pipeline,
    planCopies(pipeline, sources, filter, request.shadow),
    duckDbDialect,
  );
  const project = await projectOf(env, request);
  const payload =
    project === undefined
      ? replicationPayload(context, env, base, pipeline, sources)
      : runPayload(base, env, project);
  return { kind: project === undefined ? "replication" : "run", payload, statements, project };
};

const replicationPayload = (
  context: CommandContext,
  env: RunEnvironment,
  base: Readonly<Record<string, Json>>,
  pipeline: ReplicationPipeline,
  sources: readonly DiscoveredSource[],
): Readonly<Record<string, Json>> => ({
  ...base,
  pipeline: pipeline.name,
  config_snapshot: configSnapshot(context, env.config),
  state_authority: `backend=${env.config.state.backend} schema=v${STATE_SCHEMA_VERSION}`,
  source_state_snapshot: sourceSnapshot(sources),
});

/** Makes a plan, keeps it below the working directory and answers what `plan` prints. */
export const makePlan = async (context: CommandContext, request: PlanRequest): Promise<object> => {
  await using env = createRunEnvironment(context);
  const base = {
    ...requestToJson(request.run, request.parallel),
    ...(request.dag === true ? { dag: true } : {}),
    ...(request.governanceOverride === undefined ? {} : { governance_override: request.governanceOverride }),
  };
  const { model } = request.run;
  const drafted =
    model === undefined
      ? await draftReplication(context, env, base, request.run)
      : await draftModel(env, base, request.run, model);
  const plan: Plan = {
    planId: planIdOf(drafted.kind, drafted.payload),
    kind: drafted.kind,
    createdAt: new Date().toISOString(),
    principal: context.principal,
    payload: drafted.payload,
  };
  const kept = await keep(context, plan);
  const budgets = await budgetsOf(env, request.run, drafted.project);
  return {
    version: ENGINE_VERSION,
    command: "plan",
    filter: request.run.filter ?? "",
    ...(kept ? { plan_id: plan.planId, plan_kind: plan.kind, created_at: plan.createdAt } : {}),
    statements: drafted.statements,
    ...(drafted.kind === "run"
      ? { models: drafted.payload.models, execution_layers: drafted.payload.execution_layers }
      : {}),
    ...(request.run.environment === undefined ? {} : { env: request.run.environment }),
    ...(budgets.length === 0
      ? {}
      : { budget_diagnostics: budgets, has_budget_errors: budgets.some(isError) }),
    ...(request.semanticBase === undefined ? {} : await verdictOn(env, request.semanticBase, request.run)),
    ...(drafted.project === undefined
      ? {}
      : governanceActions(env.config, drafted.project, request.run.environment)),
  };
};

/** Only told, never a reason to refuse: `plan promote` is where readers are protected. */
const verdictOn = async (env: RunEnvironment, base: string, request: RunRequest): Promise<object> => {
  const pipeline =
    request.model === undefined ? undefined : selectTransformation(env.config, request.pipeline);
  const directory = modelsDirectoryOf(env.config, { directory: request.modelsDirectory, pipeline });
  const { findings, skipped } = await findingsSince(env, base, directory);
  if (skipped !== undefined) {
    env.emit({ level: "warn", message: `nothing could be compared with '${base}': ${skipped}` });
    return {};
  }
  return {
    breaking_verdict: {
      base_ref: base,
      caveat:
        "Columns, types, targets and strategies are compared. Rows may differ although nothing is found.",
      findings,
    },
  };
};

const budgetsOf = async (
  env: RunEnvironment,
  request: RunRequest,
  project: RunProject | undefined,
): Promise<readonly Diagnostic[]> => {
  if (project === undefined) return [];
  const { models } = project.compiled;
  const only = request.model === undefined ? undefined : models.get(request.model);
  const adapter =
    selectTransformation(env.config, undefined)?.target.adapter ?? env.config.adapters[0]?.name ?? "default";
  // Never two files at once: another command may hold the second and wait for the first.
  const session = async () => env.releaseFiles().then(() => env.session(adapter, "read"));
  const found = await budgetDiagnostics(session, models);
  return only === undefined ? found : found.filter(({ model }) => model === only.name);
};

/** A plan that cannot be kept is still worth showing. */
const keep = async (context: CommandContext, plan: Plan): Promise<boolean> => {
  try {
    await writePlan(context.cwd, plan);
    return true;
  } catch (error) {
    context.emit({ level: "warn", message: `the plan could not be written: ${failureText(error)}` });
    return false;
  }
};
