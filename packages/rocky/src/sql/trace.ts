import { isAggregate } from "./aggregates.ts";
import { dataTypeText } from "./data-type-text.ts";
import type { Source, Transform } from "./facts.ts";
import { child, identifierText, items, nameParts, text, variant } from "./syntax-tree.ts";

export interface Scope {
  readonly sources: readonly Source[];
  /** Index of the only one whose columns can be named. */
  readonly only: number | undefined;
  /** Alias to index into `sources`; the first of equal aliases wins. */
  readonly byAlias: ReadonlyMap<string, number>;
}

export interface Traced {
  readonly column: string;
  /** Null for an unqualified column with no source, or more than one to choose from. */
  readonly table: string | null;
  readonly from: number | null;
  readonly transform: Transform;
}

const DIRECT: Transform = Object.freeze({ kind: "direct" });

export const scopeOf = (sources: readonly Source[]): Scope => {
  const byAlias = new Map<string, number>();
  const visible = [...sources.keys()].filter((index) => sources[index]?.filter !== true);
  for (const index of visible) {
    const alias = sources[index]?.alias ?? "";
    if (!byAlias.has(alias)) byAlias.set(alias, index);
  }
  return { sources, byAlias, only: visible.length === 1 ? visible[0] : undefined };
};

export const traceIdentifier = (column: string, scope: Scope): Traced => {
  const { only } = scope;
  const table = only === undefined ? undefined : scope.sources[only]?.table;
  if (only === undefined || table === undefined)
    return { column, table: null, from: null, transform: DIRECT };
  return { column, table, from: only, transform: DIRECT };
};

/** `a.b`, `schema.table.b`, or `a.b.field` where `b` is a struct. */
export const traceCompound = (parts: readonly string[], scope: Scope): Traced | undefined => {
  const column = parts.at(-1);
  const qualifier = parts.at(-2)?.toLowerCase();
  if (column === undefined || qualifier === undefined) return undefined;
  const index = scope.byAlias.get(qualifier);
  const source = index === undefined ? undefined : scope.sources[index];
  if (index !== undefined && source !== undefined) {
    return { column, table: source.table, from: index, transform: DIRECT };
  }
  const [first, second] = parts;
  if (parts.length > 2 && first !== undefined && second !== undefined) {
    const owner = scope.byAlias.get(first.toLowerCase());
    const table = owner === undefined ? undefined : scope.sources[owner]?.table;
    if (owner !== undefined && table !== undefined) {
      return { column: second, table, from: owner, transform: DIRECT };
    }
  }
  return { column, table: qualifier, from: null, transform: DIRECT };
};

/** A cast hides what it wraps; only a fallible cast inside stays visible. */
export const castTraced = (inner: Traced, fallible: boolean, to: string): Traced => ({
  ...inner,
  transform: { kind: fallible || inner.transform.kind === "try_cast" ? "try_cast" : "cast", to },
});

export const callTraced = (inner: Traced, name: string, windowed: boolean): Traced => ({
  ...inner,
  transform: { kind: windowed || isAggregate(name) ? "aggregation" : "expression", name },
});

/** The one input column that an expression is traced to; undefined for operators, CASE, literals, subqueries. */
export const traceExpression = (expression: unknown, scope: Scope): Traced | undefined => {
  const found = variant(expression);
  if (found === undefined) return undefined;
  const [kind, payload] = found;
  switch (kind) {
    case "Identifier":
      return traceIdentifier(identifierText(payload), scope);
    case "CompoundIdentifier":
      return Array.isArray(payload) ? traceCompound(payload.map(identifierText), scope) : undefined;
    case "Cast": {
      const inner = traceExpression(child(payload, "expr"), scope);
      const cast = text(payload, "kind");
      const fallible = cast === "TryCast" || cast === "SafeCast";
      return inner && castTraced(inner, fallible, dataTypeText(child(payload, "data_type")));
    }
    case "Function":
      return traceCall(payload, scope);
    default:
      return undefined;
  }
};

const traceCall = (call: unknown, scope: Scope): Traced | undefined => {
  const name = identifierText(nameParts(child(call, "name"))?.at(-1)).toLowerCase();
  for (const argument of items(child(child(call, "args"), "List"), "args")) {
    const inner = traceExpression(child(child(argument, "Unnamed"), "Expr"), scope);
    if (inner !== undefined) return callTraced(inner, name, child(call, "over") != null);
  }
  return undefined;
};
