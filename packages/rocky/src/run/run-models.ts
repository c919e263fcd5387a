import type { Pipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import type { LoadedModels } from "../models/index.ts";
import { didYouMean } from "../suggest.ts";
import { findAdapter, type RunEnvironment } from "./environment.ts";
import { failureText } from "./failure.ts";
import { runModels } from "./model-phase.ts";
import { finishedModels } from "./resume-models.ts";
import {
  compileForRun,
  compileModel,
  loadRunModels,
  modelsDirectoryOf,
  type RunProject,
  selectTransformation,
} from "./project.ts";
import { createReport, type RunReport } from "./report.ts";
import type { RunRequest } from "./request.ts";
import { shadowModel } from "./shadow.ts";
import { tellUnappliedSettings, tellUnappliedToModels } from "./tell-unapplied.ts";
import { type RunResult, withinRun } from "./within-run.ts";

/** Files a project that cannot be loaded or compiled as a whole under `key`. */
const fileCompileFailure = (report: RunReport, key: string, error: unknown): void => {
  report.tablesFailed += 1;
  report.errors.push({ asset_key: [key], error: failureText(error), failure_kind: "compile-error" });
};

interface Compiled {
  readonly project: RunProject;
  readonly names: ReadonlySet<string>;
}

const compileShadowed = async (
  env: RunEnvironment,
  loaded: LoadedModels,
  request: RunRequest,
  only?: string,
): Promise<RunProject> => {
  const { shadow, variables, deferTo } = request;
  if (shadow !== undefined || (deferTo !== undefined && only !== undefined)) {
    return compileForRun(env, loaded, variables, (model) => {
      const isBuilt = only === undefined || model.name === only;
      if (isBuilt) return shadow === undefined ? model : shadowModel(shadow, model);
      return deferTo === undefined ? model : { ...model, target: { ...model.target, schema: deferTo } };
    });
  }
  return only === undefined
    ? compileForRun(env, loaded, variables)
    : compileModel(env, loaded, variables, only);
};

const adapterOf = (env: RunEnvironment, pipeline: Pipeline | undefined): string => {
  const [first] = env.config.adapters;
  const name = pipeline === undefined ? first?.name : pipeline.target.adapter;
  if (name !== undefined) return name;
  throw new RockyError("config_invalid", `there is no adapter in ${env.config.file}`, {
    where: { file: env.config.file },
  });
};

const createsSchemas = (pipeline: Pipeline | undefined): boolean =>
  pipeline !== undefined && "governance" in pipeline.target && pipeline.target.governance.autoCreateSchemas;

const skipsUnchanged = (env: RunEnvironment, request: RunRequest): boolean =>
  request.skipUnchanged ?? env.config.run.skipUnchanged;

/** `run --model M`: one model, on the transformation pipeline's warehouse. */
export const runSingleModel = async (
  env: RunEnvironment,
  request: RunRequest,
  name: string,
): Promise<RunResult> => {
  const transformation = selectTransformation(env.config, request.pipeline);
  const pipeline = transformation ?? env.config.pipelines[0];
  const adapter = findAdapter(env.config, adapterOf(env, pipeline));
  const report = createReport({ pipelineType: "transformation", adapterType: adapter.type });
  report.shadow = request.shadow !== undefined;
  const scope = {
    env,
    report,
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
  // The graph's run says it once, and not for every model.
  if (request.work === undefined) tellUnappliedSettings(env, transformation);
  return withinRun(scope, async ({ runId }) => {
    const compiled = await compileOne(
      env,
      request,
      name,
      report,
      modelsDirectoryOf(env.config, {
        directory: request.modelsDirectory,
        pipeline: transformation,
      }),
    );
    if (compiled === undefined) return undefined;
    const session = await env.session(adapter.name, "write");
    const own = compiled.project.compiled.models.get(name)?.model;
    if (own !== undefined)
      tellUnappliedToModels(env, [own], {
        adapter,
        environment: request.environment,
      });
    await runModels(
      {
        env,
        session,
        project: compiled.project,
        report,
        runId,
        work: request.work,
        partitions: request.partitions,
        createSchemas: createsSchemas(pipeline),
        skipUnchanged: skipsUnchanged(env, request),
        failureKey: undefined,
        finished: new Set(),
      },
      compiled.names,
    );
    return undefined;
  });
};

const compileOne = async (
  env: RunEnvironment,
  request: RunRequest,
  name: string,
  report: RunReport,
  directory: string,
): Promise<Compiled | undefined> => {
  try {
    const loaded = loadRunModels(env, directory);
    if (!loaded.models.some((model) => model.name === name)) {
      const near = didYouMean(
        name,
        loaded.models.map((model) => model.name),
      );
      const text = `model '${name}' not found (no transformation model with that name in '${directory}')`;
      report.tablesFailed += 1;
      report.errors.push({
        asset_key: [name],
        error: near === undefined ? text : `${text}; ${near}`,
        failure_kind: "unknown",
      });
      return undefined;
    }
    return { project: await compileShadowed(env, loaded, request, name), names: new Set([name]) };
  } catch (error) {
    fileCompileFailure(report, name, error);
    return undefined;
  }
};

/** A transformation pipeline: all its models in dependency order. */
export const runTransformation = (
  env: RunEnvironment,
  request: RunRequest,
  pipeline: Extract<Pipeline, { type: "transformation" }>,
): Promise<RunResult> => {
  const adapter = findAdapter(env.config, pipeline.target.adapter);
  const report = createReport({ pipelineType: "transformation", adapterType: adapter.type });
  report.filter = request.filter ?? "";
  report.shadow = request.shadow !== undefined;
  const { concurrency } = pipeline.execution;
  report.concurrency = concurrency === "adaptive" ? 32 : concurrency;
  const scope = {
    env,
    report,
    pipeline: pipeline.name,
    ...(request.idempotencyKey === undefined ? {} : { idempotencyKey: request.idempotencyKey }),
  };
  return withinRun(scope, async ({ runId, state }) => {
    const done = await finishedModels(env, state, request.resume, pipeline.name);
    report.resumedFrom = done?.runId;
    await runModelPhase(env, request, report, runId, pipeline, ["<runtime>"], done?.builds);
    return undefined;
  });
};

/** All models of a directory; used by transformation pipelines and after replications. */
export const runModelPhase = async (
  env: RunEnvironment,
  request: RunRequest,
  report: RunReport,
  runId: string,
  pipeline: Pipeline,
  failureKey: readonly string[],
  finished: ReadonlySet<string> = new Set(),
): Promise<void> => {
  const directory = modelsDirectoryOf(env.config, {
    directory: request.modelsDirectory,
    pipeline: pipeline.type === "transformation" ? pipeline : undefined,
  });
  let project: RunProject;
  try {
    const loaded = loadRunModels(env, directory);
    if (loaded.models.length === 0) {
      env.emit({ level: "warn", message: `there are no models in '${directory}', nothing to run` });
      return;
    }
    project = await compileShadowed(env, loaded, request);
  } catch (error) {
    const refused = error instanceof RockyError && error.code === "unsupported";
    if (!refused) fileCompileFailure(report, "<compile>", error);
    else {
      report.tablesFailed += 1;
      report.errors.push({ asset_key: failureKey, error: failureText(error), failure_kind: "unknown" });
    }
    return;
  }
  const adapter = adapterOf(env, pipeline);
  const session = await env.session(adapter, "write");
  const models = [...project.compiled.models.values()].map(({ model }) => model);
  tellUnappliedToModels(env, models, {
    adapter: findAdapter(env.config, adapter),
    environment: request.environment,
  });
  await runModels(
    {
      env,
      session,
      project,
      report,
      runId,
      work: request.work,
      partitions: request.partitions,
      createSchemas: createsSchemas(pipeline),
      skipUnchanged: skipsUnchanged(env, request),
      failureKey,
      finished,
    },
    new Set(project.compiled.models.keys()),
  );
};
