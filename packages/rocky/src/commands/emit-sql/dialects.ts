import type { ModelTarget } from "../../models/index.ts";
import {
  createTable,
  deleteIncoming,
  insertByName,
  mergeInto,
  replaceTable,
  replaceView,
} from "../../run/strategies/statements.ts";
import { duckDbDialect } from "../../adapters/duckdb/dialect.ts";
import { sqlName, tableRef } from "../../adapters/table-ref.ts";

export const EMIT_DIALECTS = ["duckdb", "databricks", "snowflake", "bigquery", "trino"] as const;
export type EmitDialectName = (typeof EMIT_DIALECTS)[number];

export interface MergeParts {
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  readonly updated: readonly string[];
}

/** How a warehouse writes the statements of each strategy; a strategy it cannot do is absent. */
export interface EmitDialect {
  /** The target as SQL, or undefined when its names are not valid there. */
  readonly target: (target: ModelTarget) => string | undefined;
  readonly fullRefresh: (target: string, query: string) => readonly string[];
  readonly view: (target: string, query: string) => readonly string[];
  readonly append: (target: string, query: string) => readonly string[];
  readonly deleteInsert: (target: string, query: string, columns: readonly string[]) => readonly string[];
  readonly materializedView?: (target: string, query: string) => readonly string[];
  readonly merge?: (target: string, query: string, parts: MergeParts) => readonly string[];
}

const PLAIN = /^[A-Za-z0-9_]+$/;

const parts = ({ catalog, schema, table }: ModelTarget): readonly string[] | undefined => {
  const names = [catalog, schema, table].filter((name) => name !== "");
  return names.every((name) => PLAIN.test(name)) ? names : undefined;
};

const insertInto = (target: string, query: string): string => `INSERT INTO ${target}\n${query}`;

const deleteByKey = (target: string, query: string, columns: readonly string[]): string => {
  const list = columns.join(", ");
  return `DELETE FROM ${target} WHERE (${list}) IN (SELECT DISTINCT ${list} FROM (${query}) AS _rocky_incoming)`;
};

interface MergeStyle {
  readonly name: (column: string) => string;
  /** Whether SET columns carry the target's alias. */
  readonly qualified: boolean;
  readonly insert: (columns: readonly string[]) => string;
}

const mergeStatement =
  ({ name, qualified, insert }: MergeStyle) =>
  (target: string, query: string, { columns, keys, updated }: MergeParts): readonly string[] => {
    const on = keys.map((key) => `t.${name(key)} = s.${name(key)}`).join(" AND ");
    const sets = updated
      .map((column) => `${qualified ? "t." : ""}${name(column)} = s.${name(column)}`)
      .join(", ");
    return [
      [
        `MERGE INTO ${target} AS t`,
        `USING (\n${query}\n) AS s`,
        `ON ${on}`,
        `WHEN MATCHED THEN UPDATE SET ${sets}`,
        `WHEN NOT MATCHED THEN INSERT ${insert(columns)}`,
      ].join("\n"),
    ];
  };

const listedInsert =
  (name: (column: string) => string) =>
  (columns: readonly string[]): string =>
    `(${columns.map(name).join(", ")}) VALUES (${columns.map((column) => `s.${name(column)}`).join(", ")})`;

const common = (target: EmitDialect["target"]): EmitDialect => ({
  target,
  fullRefresh: (name, query) => [replaceTable(name, query)],
  view: (name, query) => [replaceView(name, query)],
  append: (name, query) => [insertInto(name, query)],
  deleteInsert: (name, query, columns) => [deleteByKey(name, query, columns), insertInto(name, query)],
});

const materializedView = (target: string, query: string): readonly string[] => [
  `CREATE OR REPLACE MATERIALIZED VIEW ${target} AS\n${query}`,
];

const quotedBy =
  (quote: string) =>
  (name: string): string =>
    `${quote}${name}${quote}`;
const double = quotedBy('"');
const backtick = quotedBy("`");

const quotedTarget =
  (quote: (name: string) => string): EmitDialect["target"] =>
  (target) =>
    parts(target)?.map(quote).join(".");

/** Project ids of BigQuery: 6 to 30 lower-case letters, digits and dashes, beginning with a letter. */
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

const bigQueryTarget: EmitDialect["target"] = ({ catalog, schema, table }) =>
  PROJECT.test(catalog) && PLAIN.test(schema) && PLAIN.test(table)
    ? [catalog, schema, table].map(backtick).join(".")
    : undefined;

/** What `run` itself executes. */
const duckdb: EmitDialect = {
  ...common((target) =>
    parts(target) === undefined
      ? undefined
      : sqlName(tableRef(target.catalog, target.schema, target.table), duckDbDialect),
  ),
  append: (name, query) => [insertByName(name, query)],
  deleteInsert: (name, query, columns) => [
    deleteIncoming(name, query, columns, duckDbDialect),
    insertByName(name, query),
  ],
  merge: (name, query, { columns, keys, updated }) => [
    mergeInto(name, query, { all: columns, keys, updated }, duckDbDialect),
  ],
};

const plainName = (name: string): string => name;

export const emitDialect: Readonly<Record<EmitDialectName, EmitDialect>> = Object.freeze({
  duckdb,
  databricks: {
    ...common((target) => parts(target)?.join(".")),
    materializedView,
    merge: mergeStatement({ name: plainName, qualified: true, insert: () => "*" }),
  },
  snowflake: {
    ...common(quotedTarget(double)),
    materializedView,
    merge: mergeStatement({ name: double, qualified: true, insert: listedInsert(double) }),
  },
  bigquery: {
    ...common(bigQueryTarget),
    merge: mergeStatement({ name: backtick, qualified: true, insert: listedInsert(backtick) }),
  },
  trino: {
    ...common(quotedTarget(double)),
    fullRefresh: (name, query) => [`DROP TABLE IF EXISTS ${name}`, createTable(name, query)],
  },
});
