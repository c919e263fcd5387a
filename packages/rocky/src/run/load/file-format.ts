import { statSync } from "node:fs";
import { checkIdentifier, sqlString } from "../../adapters/identifiers.ts";
import type { LoadFormat, LoadPipeline } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";

const EXTENSIONS: Readonly<Record<string, LoadFormat>> = {
  csv: "csv",
  tsv: "csv",
  parquet: "parquet",
  json: "json_lines",
  jsonl: "json_lines",
  ndjson: "json_lines",
};

const extensionOf = (file: string): string => file.slice(file.lastIndexOf(".") + 1).toLowerCase();

/** The format of a file: the wanted one, or by its extension; undefined for files that are no data. */
export const formatOf = (file: string, wanted: LoadFormat | undefined): LoadFormat | undefined => {
  const known = EXTENSIONS[extensionOf(file)];
  return wanted === undefined || wanted === known ? known : undefined;
};

/** A SELECT over one file; `path` is absolute. */
export const readFileSql = (path: string, format: LoadFormat, options: LoadPipeline["options"]): string => {
  const file = sqlString(path);
  switch (format) {
    case "csv": {
      // A tab-separated file says so by its name; the configured delimiter is for the others.
      const delimiter = extensionOf(path) === "tsv" ? "\t" : options.csvDelimiter;
      // The whole file is read before types are chosen, so that no late row can break its column.
      return `SELECT * FROM read_csv_auto(${file}, delim = ${sqlString(delimiter)}, header = ${options.csvHasHeader}, sample_size = -1)`;
    }
    case "parquet":
      return `SELECT * FROM read_parquet(${file})`;
    case "json_lines": {
      // Other than the names for lines of JSON, `.json` does not say whether it holds lines or one array.
      const layout = extensionOf(path) === "json" ? "auto" : "newline_delimited";
      return `SELECT * FROM read_json_auto(${file}, format = '${layout}')`;
    }
    default:
      return format satisfies never;
  }
};

export const parseFormat = (text: string | undefined): LoadFormat | undefined => {
  if (text === undefined || text === "auto") return undefined;
  if (text === "csv" || text === "parquet" || text === "json_lines") return text;
  throw new RockyError("config_invalid", `'${text}' is no file format`, {
    hint: "one of csv, parquet, json_lines",
  });
};

/** A file of zero bytes has not even a header; read as data it would become a table with a made-up column. */
export const refuseEmpty = (path: string, shown: string): void => {
  if (statSync(path).size > 0) return;
  throw new RockyError("io_failed", `'${shown}' is empty: it has no header`, {
    where: { file: shown },
    hint: "write the header line, or take the file away",
  });
};

/** The table that a file goes to when no table is configured: its name without the extension. */
export const tableOfFile = (file: string): string => {
  const base = file.slice(file.lastIndexOf("/") + 1);
  return checkIdentifier(base.slice(0, base.lastIndexOf(".")), `file '${file}'`);
};
