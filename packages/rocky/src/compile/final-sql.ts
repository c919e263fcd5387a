import { innermostFirst } from "../graph/innermost-first.ts";
import type { Model, ModelTarget } from "../models/index.ts";
import { bareQuery, type InlineQuery, rewriteQuery, type TableReference } from "../sql/index.ts";
import type { PreparedModel } from "./prepare.ts";
import { type KeyDialect, withSurrogateKeys } from "./surrogate-key.ts";

export interface FinalSqlOptions {
  /** How a target is written in SQL; by default its parts joined with dots. */
  readonly formatTarget?: (target: ModelTarget) => string;
  readonly keyDialect?: KeyDialect;
}

/** Makes the query of a model as it is executed, when it is asked for. */
export const queryFinisher = (
  models: ReadonlyMap<string, PreparedModel>,
  options: FinalSqlOptions,
): ((name: string) => string) => {
  const formatTarget = options.formatTarget ?? plainTarget;
  const ephemerals = ephemeralTargets(models);
  const bodies = new Map<string, InlineQuery>();

  const ephemeralOf = ({ parts }: TableReference): string | undefined => {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return isEphemeral(models.get(first)) ? first : undefined;
    return ephemerals.size === 0 ? undefined : ephemerals.get(parts.join(".").toLowerCase());
  };
  const rename = (reference: TableReference): string | undefined => {
    const ephemeral = ephemeralOf(reference);
    if (ephemeral !== undefined) return cteName(ephemeral);
    const [first] = reference.parts;
    const model = reference.parts.length === 1 && first !== undefined ? models.get(first) : undefined;
    return model === undefined ? undefined : formatTarget(model.model.target);
  };
  const finish = (prepared: PreparedModel, inline: readonly InlineQuery[]): string =>
    withSurrogateKeys(
      bareQuery(rewriteQuery(prepared.sql, prepared.facts, { rename, inline })),
      prepared.model.surrogateKeys,
      options.keyDialect ?? "duckdb",
    );
  const bodyOf = (name: string): InlineQuery | undefined => {
    const prepared = models.get(name);
    const known = bodies.get(name);
    if (known !== undefined || prepared === undefined) return known;
    const body: InlineQuery = { name: cteName(name), sql: finish(prepared, []) };
    bodies.set(name, body);
    return body;
  };
  const ephemeralsIn = (name: string): readonly string[] =>
    (models.get(name)?.facts.references ?? []).flatMap((reference) => {
      const ephemeral = ephemeralOf(reference);
      return ephemeral === undefined || ephemeral === name ? [] : [ephemeral];
    });
  return (name) => {
    const prepared = models.get(name);
    if (prepared === undefined) return "";
    return finish(
      prepared,
      innermostFirst(ephemeralsIn(name), ephemeralsIn).flatMap((inner) => bodyOf(inner) ?? []),
    );
  };
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
