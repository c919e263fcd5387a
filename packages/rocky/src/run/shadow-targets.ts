import type { AccessMode, Session } from "../adapters/adapter.ts";
import { type TableRef, tableRef } from "../adapters/table-ref.ts";
import type { Pipeline, ReplicationPipeline, TransformationPipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { loadModels } from "../models/index.ts";
import type { RunEnvironment } from "./environment.ts";
import { modelsDirectoryOf } from "./project.ts";
import { discoverSources } from "./replication/discover.ts";
import { parseFilter } from "./replication/filter.ts";
import type { TablePolicy } from "./replication/overrides.ts";
import { sourceCatalogOf, targetSession } from "./replication/source-catalog.ts";
import { planCopies } from "./replication/tasks.ts";
import type { Shadow } from "./shadow.ts";

/** A pipeline's production tables, in the session that holds them. */
export interface ShadowedTargets {
  readonly session: Session;
  readonly targets: readonly ShadowedTarget[];
}

export interface ShadowedTarget {
  readonly table: TableRef;
  readonly strategy: string;
  /** Set for a copied table: what its strategy and its sources say of it. */
  readonly policy?: TablePolicy;
}

export interface TargetChoice {
  readonly filter: string | undefined;
  /** Folder of the models, when it is not the pipeline's own. */
  readonly models: string | undefined;
  readonly mode: AccessMode;
}

/** The tables that a run with `--shadow` or `--branch` would write elsewhere. */
export const shadowedTargets = (
  env: RunEnvironment,
  pipeline: Pipeline,
  choice: TargetChoice,
): Promise<ShadowedTargets> => {
  switch (pipeline.type) {
    case "replication":
      return replicationTargets(env, pipeline, choice);
    case "transformation":
      return modelTargets(env, pipeline, choice);
    case "quality":
    case "snapshot":
    case "load":
      throw new RockyError(
        "config_invalid",
        `pipeline '${pipeline.name}' is a ${pipeline.type} pipeline and has no shadow`,
      );
    default:
      return pipeline satisfies never;
  }
};

const replicationTargets = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  { filter, mode }: TargetChoice,
): Promise<ShadowedTargets> => {
  const session = await targetSession(env, pipeline, mode);
  const catalog = await sourceCatalogOf(env, pipeline, session);
  const discovery = await discoverSources(env, pipeline, session, catalog);
  const plan = planCopies(pipeline, discovery.sources, parseFilter(filter), undefined, catalog);
  return {
    session,
    targets: plan.tasks.map(({ target, policy }) => ({ table: target, strategy: policy.strategy, policy })),
  };
};

const modelTargets = async (
  env: RunEnvironment,
  pipeline: TransformationPipeline,
  { models: directory, mode }: TargetChoice,
): Promise<ShadowedTargets> => {
  const session = await env.session(pipeline.target.adapter, mode);
  const { models } = loadModels(
    env.context.files,
    env.context.env,
    modelsDirectoryOf(env.config, { directory, pipeline }),
  );
  const targets = models
    .filter(({ strategy }) => strategy.type !== "ephemeral")
    .map(({ target: { catalog, schema, table }, strategy }) => ({
      table: tableRef(catalog, schema, table),
      strategy: strategy.type,
    }));
  return { session, targets };
};

/** Where a shadow run writes instead of a production table. */
export const shadowTable = (shadow: Shadow, { catalog, schema, table }: TableRef): TableRef =>
  tableRef(catalog, shadow.schema ?? schema, `${table}${shadow.suffix ?? ""}`);
