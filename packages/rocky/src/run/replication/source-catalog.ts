import { resolve } from "node:path";
import type { AccessMode, Session } from "../../adapters/adapter.ts";
import type { ReplicationPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { findAdapter, type RunEnvironment } from "../environment.ts";

/** The files that a copy attaches to its target; told when the target is opened. */
const attachedFiles = (env: RunEnvironment, pipeline: ReplicationPipeline): readonly string[] => {
  const source = findAdapter(env.config, pipeline.source.adapter);
  const target = findAdapter(env.config, pipeline.target.adapter);
  if (source.type !== "duckdb" || source.path === undefined || target.path === undefined) return [];
  const path = resolve(env.context.cwd, source.path);
  return path === resolve(env.context.cwd, target.path) ? [] : [path];
};

/** The target's session, ready for `sourceCatalogOf`. */
export const targetSession = (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  mode: AccessMode,
): Promise<Session> => env.session(pipeline.target.adapter, mode, attachedFiles(env, pipeline));

/**
 * The catalog that the source's tables are in, seen from the target's session. Another DuckDB file is attached for
 * reading; an empty text means the session's own database.
 */
export const sourceCatalogOf = async (
  env: RunEnvironment,
  pipeline: ReplicationPipeline,
  session: Session,
): Promise<string> => {
  const source = findAdapter(env.config, pipeline.source.adapter);
  const target = findAdapter(env.config, pipeline.target.adapter);
  const own = pipeline.source.catalog ?? "";
  if (source.name === target.name) return own;
  const where = { key: `pipeline.${pipeline.name}.source.adapter` };
  if (source.type !== "duckdb" || target.type !== "duckdb") {
    throw new RockyError("unsupported", `a copy from '${source.type}' to '${target.type}' is not available`, {
      where,
    });
  }
  if (source.path === undefined || target.path === undefined) {
    throw new RockyError("unsupported", "a database in memory cannot be copied from or to another one", {
      where,
      hint: "give both adapters a path, or use one adapter for both sides",
    });
  }
  const path = resolve(env.context.cwd, source.path);
  return path === resolve(env.context.cwd, target.path) ? own : session.attach(path);
};
