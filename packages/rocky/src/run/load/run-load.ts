import { statSync } from "node:fs";
import { resolve } from "node:path";
import { displayName, sqlSchemaName, type TableRef, tableRef } from "../../adapters/table-ref.ts";
import type { LoadFormat, LoadPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { joinPath } from "../../paths.ts";
import { ENGINE_VERSION } from "../../version.ts";
import type { RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureText, isInterruption } from "../failure.ts";
import { INTERRUPTED_EXIT_CODE } from "../report.ts";
import { formatOf, tableOfFile } from "./file-format.ts";
import { loadFile } from "./load-file.ts";

/** What flags of `load` say instead of the pipeline. */
export interface LoadOverrides {
  readonly sourceDir?: string;
  readonly format?: LoadFormat;
  /** A table, `schema.table` or `catalog.schema.table`. */
  readonly target?: string;
  readonly truncate?: boolean;
}

interface FileOutput {
  readonly file: string;
  readonly target: string;
  readonly rows_loaded: number;
  readonly bytes_read: number;
  readonly duration_ms: number;
  readonly error?: string;
  readonly contract?: { readonly passed: boolean; readonly violations: readonly object[] };
}

const withTarget = (pipeline: LoadPipeline, given: string | undefined): LoadPipeline["target"] => {
  if (given === undefined) return pipeline.target;
  const parts = given.split(".");
  const [table = "", schema = pipeline.target.schema, catalog = pipeline.target.catalog] = parts.toReversed();
  if (parts.length > 3 || table === "")
    throw new RockyError("config_invalid", `'${given}' is no table name (--target)`);
  return { ...pipeline.target, catalog, schema, table };
};

interface Candidate {
  /** As it is shown: the source directory as written, and the file's name. */
  readonly shown: string;
  readonly path: string;
  readonly format: LoadFormat;
  readonly bytes: number;
}

const candidates = (
  env: RunEnvironment,
  directory: string,
  shown: string,
  format: LoadFormat | undefined,
): readonly Candidate[] => {
  const entries = env.context.files.list(directory);
  if (entries === undefined) {
    throw new RockyError("io_failed", `the source directory '${shown}' does not exist`, {
      where: { file: directory },
    });
  }
  return entries.flatMap(({ name, kind }) => {
    const found = kind === "file" ? formatOf(name, format) : undefined;
    if (found === undefined) return [];
    const path = resolve(env.context.cwd, directory, name);
    return [{ shown: joinPath(shown, name), path, format: found, bytes: statSync(path).size }];
  });
};

/** Loads the files of a directory, each in a transaction of its own; a file that fails does not stop the others. */
export const runLoadPipeline = async (
  env: RunEnvironment,
  pipeline: LoadPipeline,
  overrides: LoadOverrides,
): Promise<{ readonly payload: object; readonly exitCode: number }> => {
  const started = Date.now();
  const shown = overrides.sourceDir ?? pipeline.sourceDir;
  const directory = overrides.sourceDir ?? joinPath(env.config.directory, pipeline.sourceDir);
  const format = overrides.format ?? pipeline.format;
  const target = withTarget(pipeline, overrides.target);
  const truncate = overrides.truncate ?? pipeline.options.truncateFirst;
  const files = candidates(env, directory, shown, format);
  const session = await env.session(target.adapter, "write");
  const events = runEvents(env.emit);
  if (target.governance.autoCreateSchemas) {
    await session.execute(
      `CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(target.catalog, target.schema, session.dialect)}`,
    );
  }
  const outputs: FileOutput[] = [];
  const emptied = new Set<string>();
  let interrupted = false;
  for (const file of files) {
    const fileStarted = Date.now();
    let ref: TableRef | undefined;
    const finish = (rows: number, rest: Pick<FileOutput, "error" | "contract">): void => {
      const name = ref === undefined ? "" : displayName(ref);
      const duration = Date.now() - fileStarted;
      outputs.push({
        file: file.shown,
        target: name,
        rows_loaded: rows,
        bytes_read: file.bytes,
        duration_ms: duration,
        ...rest,
      });
    };
    try {
      ref = tableRef(target.catalog, target.schema, target.table ?? tableOfFile(file.shown));
      const name = displayName(ref);
      events.started("table", [ref.catalog, ref.schema, ref.table], { file: file.shown });
      const loaded = await loadFile({
        session,
        path: file.path,
        format: file.format,
        target: ref,
        options: pipeline.options,
        // Several files may go to one table; only the first of them empties it.
        truncate: truncate && !emptied.has(name),
        contract: pipeline.contract,
      });
      const { violations } = loaded;
      if (violations !== undefined && violations.length > 0) {
        const error = `the file breaks its contract: ${violations.map(({ message }) => message).join("; ")}`;
        finish(0, { error, contract: { passed: false, violations } });
        events.failed("table", [ref.catalog, ref.schema, ref.table], error);
        continue;
      }
      emptied.add(name);
      finish(loaded.rows, violations === undefined ? {} : { contract: { passed: true, violations } });
      events.finished("table", [ref.catalog, ref.schema, ref.table], loaded.rows, Date.now() - fileStarted);
    } catch (error) {
      if (isInterruption(error)) {
        interrupted = true;
        break;
      }
      finish(0, { error: failureText(error) });
      events.failed(
        "table",
        ref === undefined ? [file.shown] : [ref.catalog, ref.schema, ref.table],
        failureText(error),
      );
    }
  }
  const failed = outputs.filter((output) => output.error !== undefined).length;
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "load",
      source_dir: shown,
      format: format ?? "auto",
      files_loaded: outputs.length - failed,
      files_failed: failed,
      total_rows: outputs.reduce((sum, output) => sum + output.rows_loaded, 0),
      total_bytes: outputs.reduce(
        (sum, output) => sum + (output.error === undefined ? output.bytes_read : 0),
        0,
      ),
      files: outputs,
      duration_ms: Date.now() - started,
    },
    exitCode: interrupted ? INTERRUPTED_EXIT_CODE : failed > 0 ? 1 : 0,
  };
};
