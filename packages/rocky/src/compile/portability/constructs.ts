export type PortabilityDialect = "databricks" | "snowflake" | "bigquery" | "duckdb";

/** A construct that not every warehouse knows. */
export interface Construct {
  /** How it is named in messages, in `[portability] allow` and in `-- rocky-allow:` remarks. */
  readonly label: string;
  /** Found in code, never in strings and comments. */
  readonly pattern: RegExp;
  readonly knownTo: readonly PortabilityDialect[];
  readonly instead: string;
}

const called = (name: string): RegExp => new RegExp(`\\b${name}\\s*\\(`, "gi");

const call = (name: string, knownTo: readonly PortabilityDialect[], instead: string): Construct => ({
  label: name,
  pattern: called(name),
  knownTo,
  instead,
});

export const CONSTRUCTS: readonly Construct[] = Object.freeze([
  call("NVL", ["databricks", "snowflake"], "COALESCE"),
  call("NVL2", ["databricks", "snowflake"], "CASE"),
  call("IFF", ["databricks", "snowflake"], "CASE"),
  call("DECODE", ["databricks", "snowflake"], "CASE"),
  call("DATEADD", ["databricks", "snowflake"], "date + INTERVAL"),
  call("DATEDIFF", ["databricks", "snowflake", "duckdb"], "subtracting dates"),
  call("TRY_CAST", ["databricks", "snowflake", "duckdb"], "CAST of values that are known to fit"),
  call("SAFE_CAST", ["bigquery"], "TRY_CAST"),
  call("SAFE_DIVIDE", ["bigquery"], "division by NULLIF(x, 0)"),
  call("LISTAGG", ["databricks", "snowflake", "duckdb"], "STRING_AGG"),
  call("FLATTEN", ["snowflake", "duckdb"], "a table of elements"),
  call("EXPLODE", ["databricks"], "UNNEST"),
  call("UNNEST", ["bigquery", "duckdb"], "a table of elements"),
  call("GENERATE_ARRAY", ["bigquery"], "a table of numbers"),
  call("READ_CSV", ["duckdb"], "a loaded table"),
  call("READ_CSV_AUTO", ["duckdb"], "a loaded table"),
  call("READ_PARQUET", ["duckdb"], "a loaded table"),
  {
    label: "ILIKE",
    pattern: /\bILIKE\b/gi,
    knownTo: ["databricks", "snowflake", "duckdb"],
    instead: "LOWER(…) LIKE",
  },
  { label: "LATERAL VIEW", pattern: /\bLATERAL\s+VIEW\b/gi, knownTo: ["databricks"], instead: "UNNEST" },
  { label: "LATERAL FLATTEN", pattern: /\bLATERAL\s+FLATTEN\b/gi, knownTo: ["snowflake"], instead: "UNNEST" },
  {
    label: "QUALIFY",
    pattern: /\bQUALIFY\b/gi,
    knownTo: ["databricks", "snowflake", "bigquery", "duckdb"],
    instead: "a filter around the query",
  },
  {
    label: "* EXCEPT",
    pattern: /\*\s*EXCEPT\s*\(/gi,
    knownTo: ["databricks", "bigquery"],
    instead: "the list of columns",
  },
  {
    label: "* EXCLUDE",
    pattern: /\*\s*EXCLUDE\b/gi,
    knownTo: ["snowflake", "duckdb"],
    instead: "the list of columns",
  },
  { label: "::", pattern: /::/g, knownTo: ["databricks", "snowflake", "duckdb"], instead: "CAST" },
  { label: "//", pattern: /\/\//g, knownTo: ["duckdb"], instead: "FLOOR of a division" },
]);
