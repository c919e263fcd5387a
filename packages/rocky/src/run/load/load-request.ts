import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { LoadFormat, LoadPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { joinPath } from "../../paths.ts";
import type { RunEnvironment } from "../environment.ts";
import { formatOf } from "./file-format.ts";

/** What flags of `load` say instead of the pipeline. */
export interface LoadOverrides {
  readonly sourceDir?: string;
  readonly format?: LoadFormat;
  /** A table, `schema.table` or `catalog.schema.table`. */
  readonly target?: string;
  readonly truncate?: boolean;
}

export const withTarget = (pipeline: LoadPipeline, given: string | undefined): LoadPipeline["target"] => {
  if (given === undefined) return pipeline.target;
  const parts = given.split(".");
  const [table = "", schema = pipeline.target.schema, catalog = pipeline.target.catalog] = parts.toReversed();
  if (parts.length > 3 || table === "")
    throw new RockyError("config_invalid", `'${given}' is no table name (--target)`);
  return { ...pipeline.target, catalog, schema, table };
};

export interface Candidate {
  /** As it is shown: the source directory as written, and the file's name. */
  readonly shown: string;
  readonly path: string;
  readonly format: LoadFormat;
  readonly bytes: number;
  /** Changes with the file, as far as can be told without reading it. */
  readonly stamp: string;
}

export const candidates = (
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
    const { size, mtimeMs } = statSync(path);
    return [{ shown: joinPath(shown, name), path, format: found, bytes: size, stamp: `${size} ${mtimeMs}` }];
  });
};
