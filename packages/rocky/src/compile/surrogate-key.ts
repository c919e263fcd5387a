import type { SurrogateKey } from "../models/index.ts";

export type KeyDialect = "duckdb" | "databricks" | "snowflake" | "bigquery" | "trino";

/** Stands for NULL inside a key. The value is dbt's, so that keys made there stay the same. */
const NULL_MARK = "_dbt_utils_surrogate_key_null_";

const TEXT_TYPE: Readonly<Record<KeyDialect, string>> = {
  duckdb: "VARCHAR",
  databricks: "STRING",
  snowflake: "VARCHAR",
  bigquery: "STRING",
  trino: "VARCHAR",
};

/** Wraps a query so that each key is one more column: the MD5 of its columns' texts joined with dashes. */
export const withSurrogateKeys = (
  sql: string,
  keys: readonly SurrogateKey[],
  dialect: KeyDialect,
): string => {
  if (keys.length === 0) return sql;
  const columns = keys.map((key) => `${keyExpression(key, dialect)} AS ${key.name}`);
  return `SELECT *, ${columns.join(", ")} FROM (\n${sql}\n) AS __rocky_keyed`;
};

const keyExpression = (key: SurrogateKey, dialect: KeyDialect): string => {
  const type = TEXT_TYPE[dialect];
  const parts = key.columns.map((column) => `coalesce(cast(${column} AS ${type}), '${NULL_MARK}')`);
  const text = `cast(${parts.join(" || '-' || ")} AS ${type})`;
  return `CAST(${dialect === "bigquery" ? `to_hex(md5(${text}))` : `md5(${text})`} AS ${type})`;
};
