// What the rest of the engine knows about a query. Plain JSON, so that it can be kept on disk and the parser
// behind it replaced.

/** A table name somewhere in a query that is not the name of a CTE in scope. */
export interface TableReference {
  /** Unquoted: `["raw", "orders"]`. */
  readonly parts: readonly string[];
  /** Offsets of the whole name in the analysed text. */
  readonly start: number;
  readonly end: number;
  readonly alias: string | null;
  /** True when it stands in a FROM or JOIN of the outermost query, outside CTEs and subqueries. */
  readonly outer: boolean;
}

/**
 * One named entry of a FROM clause; unaliased subqueries, table functions, pivots and tables whose alias renames
 * their columns are not named.
 */
export interface Source {
  /** Alias, else the last part of the name; lower case, as qualifiers are compared without case. */
  readonly alias: string;
  /** The name as written without quotes (`raw.orders`), or `(subquery)`. */
  readonly table: string;
  /** Index into `QueryFacts.ctes` when the name is a CTE's. */
  readonly cte: number | null;
  /** The body of an aliased subquery. */
  readonly derived: QueryNode | null;
  /** Set for a side of a SEMI or ANTI join whose columns do not come out of it. */
  readonly filter?: true;
}

/** The input column that an output column is traced to. */
export interface ColumnSource {
  /** Name of the table as written, `(subquery)`, or the lower-cased qualifier when nothing in FROM has it. */
  readonly table: string;
  readonly column: string;
  readonly transform: Transform;
  /** Index into `QueryNode.sources`; null when the qualifier is unknown. */
  readonly from: number | null;
}

export type Transform =
  | { readonly kind: "direct" }
  | { readonly kind: "cast" | "try_cast"; readonly to: string }
  | { readonly kind: "aggregation"; readonly name: string }
  | { readonly kind: "expression"; readonly name: string };

export type Output =
  | {
      readonly kind: "star";
      /** `t` of `t.*`, lower case. */
      readonly qualifier: string | null;
      /** Columns left out with EXCEPT or EXCLUDE, lower case. */
      readonly except: readonly string[];
      /** Columns whose value REPLACE computes anew, lower case. */
      readonly computed: readonly string[];
      /** Columns that RENAME gives another name: the old one in lower case, the new one as written. */
      readonly renamed: readonly (readonly [string, string])[];
    }
  | {
      readonly kind: "column";
      readonly name: string;
      /** False when the name is a guess, because a computed column has no alias. */
      readonly named: boolean;
      readonly source: ColumnSource | null;
      /** Offset in the analysed text, or -1. */
      readonly at: number;
    }
  /** Computed, without alias and without a single input column. */
  | { readonly kind: "unnamed" };

export interface QueryNode {
  readonly kind: "select" | "set" | "values";
  /** For a set operation those of its first arm. */
  readonly outputs: readonly Output[];
  readonly sources: readonly Source[];
  /** The arms of a set operation, left to right; empty otherwise. */
  readonly arms: readonly QueryNode[];
  /** True when FROM also holds what is no source, such as joins in brackets. */
  readonly opaque: boolean;
  /** False for a SELECT without FROM, and for a set operation of nothing else. */
  readonly hasFrom: boolean;
  /** True for UNION BY NAME, whose arms meet by column name and not by position. */
  readonly byName: boolean;
}

export interface QueryFacts {
  readonly query: QueryNode;
  /** Bodies of all CTEs at any depth, in order of appearance. */
  readonly ctes: readonly QueryNode[];
  /** In text order. */
  readonly references: readonly TableReference[];
  /** Where further CTEs can be put: right after an existing WITH, or at the start of the query. */
  readonly insertion: { readonly offset: number; readonly hasWith: boolean };
}

export interface SqlProblem {
  readonly message: string;
  /** 1-based position in the analysed text, when known. */
  readonly line?: number;
  readonly column?: number;
}

export type Analysis =
  | { readonly ok: true; readonly facts: QueryFacts }
  | { readonly ok: false; readonly problem: SqlProblem };

export const formatTransform = (transform: Transform): string =>
  transform.kind === "aggregation" ? `aggregation: ${transform.name}` : transform.kind;
