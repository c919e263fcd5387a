import { randomUUID } from "node:crypto";
import type { Session } from "../../adapters/adapter.ts";
import { displayName, sqlSchemaName, type TableRef, tableRef } from "../../adapters/table-ref.ts";
import type { LoadPipeline } from "../../config/index.ts";
import { joinPath } from "../../paths.ts";
import { settleAppends } from "../../state/appends.ts";
import type { StateDatabase } from "../../state/database.ts";
import { ENGINE_VERSION } from "../../version.ts";
import { appendOnce } from "../append-once.ts";
import type { RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureText, isInterruption } from "../failure.ts";
import { INTERRUPTED_EXIT_CODE } from "../report.ts";
import { refuseEmpty, tableOfFile } from "./file-format.ts";
import { type LoadedRows, loadFile } from "./load-file.ts";
import { type Candidate, candidates, type LoadOverrides, withTarget } from "./load-request.ts";

interface FileOutput {
  readonly file: string;
  readonly target: string;
  readonly rows_loaded: number;
  readonly bytes_read: number;
  readonly duration_ms: number;
  readonly error?: string;
  readonly contract?: { readonly passed: boolean; readonly violations: readonly object[] };
}

/** One load: what its files have in common. */
interface Load {
  readonly env: RunEnvironment;
  readonly pipeline: LoadPipeline;
  readonly target: LoadPipeline["target"];
  readonly session: Session;
  readonly state: StateDatabase;
  /** What appends belong to. */
  readonly work: string;
  readonly truncate: boolean;
  /** Several files may go to one table; only the first of them empties it. */
  readonly emptied: Set<string>;
}

/** DuckDB compares names without case: `a.csv` and `A.csv` go to one table. */
const tableKey = (ref: TableRef): string => displayName(ref).toLowerCase();

/** A file that empties its table first can be loaded again; any other one goes in once, whoever is killed. */
const writeFile = async (load: Load, file: Candidate, ref: TableRef): Promise<LoadedRows> => {
  const { session, state, work, pipeline, truncate, emptied, env } = load;
  const write = (empty: boolean): Promise<LoadedRows> => {
    const { options, contract } = pipeline;
    const { path, format } = file;
    return loadFile({ session, path, format, target: ref, options, truncate: empty, contract });
  };
  if (truncate) return write(!emptied.has(tableKey(ref)));
  let loaded: LoadedRows | undefined;
  const context = { connection: session, dialect: session.dialect, state, work };
  const { rows, before } = await appendOnce(
    context,
    ref,
    { file: file.path, stamp: file.stamp },
    async () => {
      loaded = await write(false);
      return loaded.rows;
    },
  );
  if (before) {
    const message = `'${file.shown}' was loaded by a run that was killed; it is not loaded again`;
    runEvents(env.emit).warn(message, { event: "append_recovered", table: displayName(ref), rows });
  }
  return loaded ?? { rows, violations: pipeline.contract === undefined ? undefined : [] };
};

const loadOne = async (load: Load, file: Candidate): Promise<FileOutput> => {
  const { env, target } = load;
  const started = Date.now();
  const events = runEvents(env.emit);
  let ref: TableRef | undefined;
  const output = (rows: number, rest: Pick<FileOutput, "error" | "contract">): FileOutput => ({
    file: file.shown,
    target: ref === undefined ? "" : displayName(ref),
    rows_loaded: rows,
    bytes_read: file.bytes,
    duration_ms: Date.now() - started,
    ...rest,
  });
  try {
    ref = tableRef(target.catalog, target.schema, target.table ?? tableOfFile(file.shown));
    const assetKey = [ref.catalog, ref.schema, ref.table];
    events.started("table", assetKey, { file: file.shown });
    refuseEmpty(file.path, file.shown);
    const { rows, violations } = await writeFile(load, file, ref);
    if (violations !== undefined && violations.length > 0) {
      const error = `the file breaks its contract: ${violations.map(({ message }) => message).join("; ")}`;
      events.failed("table", assetKey, error);
      return output(0, { error, contract: { passed: false, violations } });
    }
    load.emptied.add(tableKey(ref));
    events.finished("table", assetKey, rows, Date.now() - started);
    return output(rows, violations === undefined ? {} : { contract: { passed: true, violations } });
  } catch (error) {
    if (isInterruption(error)) throw error;
    const text = failureText(error);
    events.failed("table", ref === undefined ? [file.shown] : [ref.catalog, ref.schema, ref.table], text);
    return output(0, { error: text });
  }
};

/** Loads the files one after the other; answers what was done, and whether it was interrupted. */
const loadAll = async (load: Load, files: readonly Candidate[]) => {
  const outputs: FileOutput[] = [];
  try {
    for (const file of files) outputs.push(await loadOne(load, file));
    return { outputs, interrupted: false };
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return { outputs, interrupted: true };
  }
};

/**
 * Loads the files of a directory, each in a transaction of its own; a file that fails does not stop the others.
 * `work` names what the load is a part of, when it is one of many.
 */
export const runLoadPipeline = async (
  env: RunEnvironment,
  pipeline: LoadPipeline,
  overrides: LoadOverrides,
  work?: string,
): Promise<{ readonly payload: object; readonly exitCode: number }> => {
  const started = Date.now();
  const shown = overrides.sourceDir ?? pipeline.sourceDir;
  const directory = overrides.sourceDir ?? joinPath(env.config.directory, pipeline.sourceDir);
  const format = overrides.format ?? pipeline.format;
  const target = withTarget(pipeline, overrides.target);
  const files = candidates(env, directory, shown, format);
  const session = await env.session(target.adapter, "write");
  if (target.governance.autoCreateSchemas) {
    await session.execute(
      `CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(target.catalog, target.schema, session.dialect)}`,
    );
  }
  const load: Load = {
    env,
    pipeline,
    target,
    session,
    state: await env.state("write"),
    work: work ?? `load-${randomUUID()}`,
    truncate: overrides.truncate ?? pipeline.options.truncateFirst,
    emptied: new Set(),
  };
  const { outputs, interrupted } = await loadAll(load, files);
  if (work === undefined || interrupted)
    await load.state.write((transaction) => settleAppends(transaction, load.work, interrupted));
  const failed = outputs.filter((output) => output.error !== undefined);
  const loaded = outputs.filter((output) => output.error === undefined);
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "load",
      source_dir: shown,
      format: format ?? "auto",
      files_loaded: loaded.length,
      files_failed: failed.length,
      total_rows: outputs.reduce((sum, output) => sum + output.rows_loaded, 0),
      total_bytes: loaded.reduce((sum, output) => sum + output.bytes_read, 0),
      files: outputs,
      duration_ms: Date.now() - started,
    },
    exitCode: interrupted ? INTERRUPTED_EXIT_CODE : failed.length > 0 ? 1 : 0,
  };
};
