import type { Model, ModelTarget } from "../models/index.ts";
import { bareQuery, type InlineQuery, rewriteQuery, type TableReference } from "../sql/index.ts";
import type { PreparedModel } from "./prepare.ts";
import { type KeyDialect, withSurrogateKeys } from "./surrogate-key.ts";

export interface FinalSqlOptions {
  /** How a target is written in SQL; by default its parts joined with dots. */
  readonly formatTarget?: (target: ModelTarget) => string;
  readonly keyDialect?: KeyDialect;
}

/** The query of every model as it is executed, by name. */
export const finalQueries = (
  order: readonly string[],
  models: ReadonlyMap<string, PreparedModel>,
  options: FinalSqlOptions,
): ReadonlyMap<string, string> => {
  const formatTarget = options.formatTarget ?? plainTarget;
  const ephemerals = ephemeralTargets(models);
  const bodies = new Map<string, InlineQuery>();
  const inlined = new Map<string, readonly string[]>();
  const queries = new Map<string, string>();

  const ephemeralOf = ({ parts }: TableReference): string | undefined => {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return isEphemeral(models.get(first)) ? first : undefined;
    return ephemerals.get(parts.join(".").toLowerCase());
  };
  const rename = (reference: TableReference): string | undefined => {
    const ephemeral = ephemeralOf(reference);
    if (ephemeral !== undefined) return cteName(ephemeral);
    const [first] = reference.parts;
    const model = reference.parts.length === 1 && first !== undefined ? models.get(first) : undefined;
    return model === undefined ? undefined : formatTarget(model.model.target);
  };

  // In dependency order an ephemeral model is ready before anything that inlines it.
  for (const name of order) {
    const prepared = models.get(name);
    if (prepared === undefined) continue;
    const needed = new Set<string>();
    for (const reference of prepared.facts.references) {
      const ephemeral = ephemeralOf(reference);
      if (ephemeral === undefined || ephemeral === name) continue;
      for (const inner of inlined.get(ephemeral) ?? []) needed.add(inner);
      needed.add(ephemeral);
    }
    inlined.set(name, [...needed]);
    const inline = [...needed].flatMap((inner) => bodies.get(inner) ?? []);
    const finish = (sql: string): string =>
      withSurrogateKeys(bareQuery(sql), prepared.model.surrogateKeys, options.keyDialect ?? "duckdb");
    if (isEphemeral(prepared)) {
      const body = finish(rewriteQuery(prepared.sql, prepared.facts, { rename, inline: [] }));
      bodies.set(name, { name: cteName(name), sql: body });
    }
    queries.set(name, finish(rewriteQuery(prepared.sql, prepared.facts, { rename, inline })));
  }
  return queries;
};

const plainTarget = ({ catalog, schema, table }: ModelTarget): string =>
  [catalog, schema, table].filter((part) => part !== "").join(".");

const isEphemeral = (prepared: PreparedModel | undefined): prepared is PreparedModel =>
  prepared?.model.strategy.type === "ephemeral";

/** A prefix keeps it apart from the CTEs of the query that it is put into. */
const cteName = (model: string): string => `__rocky_ephemeral_${model}`;

const ephemeralTargets = (models: ReadonlyMap<string, PreparedModel>): ReadonlyMap<string, string> => {
  const byTarget = new Map<string, string>();
  for (const [name, prepared] of models) {
    if (!isEphemeral(prepared)) continue;
    const { catalog, schema, table }: Model["target"] = prepared.model.target;
    byTarget.set(`${schema}.${table}`.toLowerCase(), name);
    byTarget.set(`${catalog}.${schema}.${table}`.toLowerCase(), name);
  }
  return byTarget;
};
