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
      return `SELECT * FROM read_csv_auto(${file}, delim = ${sqlString(delimiter)}, header = ${options.csvHasHeader})`;
    }
    case "parquet":
      return `SELECT * FROM read_parquet(${file})`;
    case "json_lines":
      return `SELECT * FROM read_json_auto(${file}, format = 'newline_delimited')`;
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

/** The table that a file goes to when no table is configured: its name without the extension. */
export const tableOfFile = (file: string): string => {
  const base = file.slice(file.lastIndexOf("/") + 1);
  return checkIdentifier(base.slice(0, base.lastIndexOf(".")), `file '${file}'`);
};
