import type { AdapterConfig, Pipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { unappliedGovernance, unappliedToModels, unsharedState } from "../governance/unapplied.ts";
import type { Model } from "../models/index.ts";
import { findAdapter, type RunEnvironment } from "./environment.ts";

const tell = (env: RunEnvironment, messages: readonly string[]): void => {
  for (const message of messages) env.emit({ level: "warn", message, fields: { event: "not_applied" } });
};

/** Says at a run's beginning what its pipeline asks for in vain; a state that has to be shared stops it. */
export const tellUnappliedSettings = (env: RunEnvironment, pipeline: Pipeline | undefined): void => {
  const { state } = env.config;
  const unshared = unsharedState(state);
  if (unshared !== undefined && state.onUploadFailure === "fail") {
    throw new RockyError("unsupported", unshared, {
      where: { file: env.config.file, key: "state.backend" },
      hint: 'remove on_upload_failure = "fail" to go on with a local state',
    });
  }
  const warehouse = pipeline === undefined ? "" : findAdapter(env.config, pipeline.target.adapter).type;
  tell(env, [
    ...(unshared === undefined ? [] : [unshared]),
    ...(pipeline === undefined ? [] : unappliedGovernance(pipeline, warehouse)),
    ...(pipeline?.type === "replication" && pipeline.pruneUnchanged
      ? [
          `prune_unchanged of pipeline '${pipeline.name}' is not applied: every table is copied (${warehouse} does not tell which have changed)`,
        ]
      : []),
  ]);
};

export const tellUnappliedToModels = (
  env: RunEnvironment,
  models: readonly Model[],
  { adapter, environment }: { readonly adapter: AdapterConfig; readonly environment: string | undefined },
): void =>
  tell(
    env,
    unappliedToModels(models, {
      mask: env.config.mask,
      environment,
      adapter: adapter.name,
      warehouse: adapter.type,
    }),
  );
