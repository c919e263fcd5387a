import type { Output, QueryFacts, QueryNode, Source, TableReference } from "../facts.ts";
import { type Scope, scopeOf } from "../trace.ts";
import { type Cursor, giveUp } from "./cursor.ts";
import { type Expression, traceQuick } from "./expression-tree.ts";
import { type ExpressionReader, expressionReader, startsQuery } from "./expressions.ts";

/** Names of CTEs in scope: for each the index of its body, or -1 below an expression, where bodies are not kept. */
type Ctes = ReadonlyMap<string, number>;

type Item =
  | {
      readonly kind: "star";
      readonly qualifier: string | null;
      readonly except: readonly string[];
      readonly computed: readonly string[];
      readonly renamed: readonly (readonly [string, string])[];
    }
  | {
      readonly kind: "expression";
      readonly value: Expression;
      readonly alias: { readonly text: string; readonly at: number } | null;
    };

const NO_CTES: Ctes = new Map();

/** Reads one whole query. Gives up, by throwing, on anything unusual. */
export const readQuery = (cursor: Cursor): QueryFacts => {
  const bodies: QueryNode[] = [];
  const references: TableReference[] = [];
  let scope = NO_CTES;
  let insertion: QueryFacts["insertion"] = { offset: 0, hasWith: false };

  /** Inside expressions only table references are of interest; the bodies of CTEs found there are thrown away. */
  const reader: ExpressionReader = expressionReader((inner) => {
    const kept = bodies.length;
    query(inner, false);
    bodies.length = kept;
  });

  const query = (at: Cursor, outer: boolean): QueryNode => {
    const before = scope;
    if (at.isWord("with")) withClause(at);
    const node = setOperation(at, outer);
    if (at.word("order")) {
      at.expectWord("by");
      reader.orderList(at);
    }
    if (at.word("limit")) reader.expression(at);
    if (at.word("offset")) reader.expression(at);
    scope = before;
    return node;
  };

  const withClause = (at: Cursor): void => {
    at.expectWord("with");
    const recursive = at.word("recursive");
    const known = new Map(scope);
    do {
      const token = at.name();
      const name = at.nameText(token).toLowerCase();
      const columns = columnNames(at);
      at.expectWord("as");
      at.expectSymbol("(");
      const index = bodies.push(NOTHING) - 1;
      // Inner queries copy the scope before they add to it, so all CTEs here can share it.
      scope = known;
      if (recursive) known.set(name, index);
      bodies[index] = renamed(
        at.nested(() => query(at, false)),
        columns,
      );
      at.expectSymbol(")");
      known.set(name, index);
    } while (at.symbol(","));
    scope = known;
  };

  const setOperation = (at: Cursor, outer: boolean): QueryNode => {
    const arms = [term(at, outer)];
    while (at.isWord("union") || at.isWord("intersect") || at.isWord("except")) {
      at.next();
      if (!at.word("all")) at.word("distinct");
      arms.push(term(at, outer));
    }
    const [first] = arms;
    if (first === undefined) return giveUp();
    if (arms.length === 1) return first;
    const flat = arms.flatMap((arm) => (arm.kind === "set" ? arm.arms : [arm]));
    const hasFrom = flat.some((arm) => arm.hasFrom);
    return {
      kind: "set",
      outputs: flat[0]?.outputs ?? [],
      sources: [],
      arms: flat,
      byName: false,
      opaque: false,
      hasFrom,
    };
  };

  const term = (at: Cursor, outer: boolean): QueryNode => {
    if (!at.symbol("(")) return select(at, outer);
    const node = at.nested(() => query(at, outer));
    at.expectSymbol(")");
    return node;
  };

  const select = (at: Cursor, outer: boolean): QueryNode => {
    at.expectWord("select");
    if (at.word("distinct") && at.isWord("on")) giveUp();
    const items = [item(at)];
    while (at.symbol(",")) items.push(item(at));
    const sources: Source[] = [];
    const hasFrom = at.word("from");
    let tables = 0;
    if (hasFrom) {
      do tables += tableWithJoins(at, outer, sources);
      while (at.symbol(","));
    }
    if (at.word("where")) reader.expression(at);
    if (at.word("group")) {
      at.expectWord("by");
      if (!at.word("all")) expressions(at);
    }
    if (at.word("having")) reader.expression(at);
    if (at.word("qualify")) reader.expression(at);
    const columns = scopeOf(sources);
    return {
      kind: "select",
      outputs: items.map((found) => output(found, columns)),
      sources,
      arms: [],
      byName: false,
      opaque: tables > sources.length,
      hasFrom,
    };
  };

  const expressions = (at: Cursor): void => {
    do reader.expression(at);
    while (at.symbol(","));
  };

  const item = (at: Cursor): Item => {
    if (at.symbol("*"))
      return { kind: "star", qualifier: null, except: exceptNames(at), computed: [], renamed: [] };
    if (at.isName() && at.isSymbol(".", 1) && at.isSymbol("*", 2)) {
      const qualifier = at.nameText(at.next()).toLowerCase();
      at.next();
      at.next();
      return { kind: "star", qualifier, except: exceptNames(at), computed: [], renamed: [] };
    }
    const value = reader.expression(at);
    const explicit = at.word("as");
    if (!explicit && !at.isName()) return { kind: "expression", value, alias: null };
    const token = explicit ? at.anyName() : at.name();
    return { kind: "expression", value, alias: { text: at.nameText(token), at: token.start } };
  };

  const exceptNames = (at: Cursor): readonly string[] => {
    if (!at.word("exclude")) return at.isWord("replace") || at.isWord("rename") ? giveUp() : [];
    const names: string[] = [];
    const bracket = at.symbol("(");
    do names.push(at.nameText(at.name()).toLowerCase());
    while (bracket && at.symbol(","));
    if (bracket) at.expectSymbol(")");
    return at.isWord("replace") || at.isWord("rename") ? giveUp() : names;
  };

  /** Answers how many tables there are; those that can be named go to `sources`. */
  const tableWithJoins = (at: Cursor, outer: boolean, sources: Source[]): number => {
    let count = 1;
    table(at, outer, sources);
    for (let kind = joinKind(at); kind !== undefined; kind = joinKind(at)) {
      table(at, outer, sources);
      count += 1;
      if (kind === "cross") continue;
      if (at.word("on")) reader.expression(at);
      else if (at.word("using") && columnNames(at).length === 0) giveUp();
    }
    return count;
  };

  const table = (at: Cursor, outer: boolean, sources: Source[]): void => {
    if (at.symbol("(")) {
      if (!startsQuery(at)) giveUp();
      const kept = bodies.length;
      const body = at.nested(() => query(at, false));
      at.expectSymbol(")");
      const alias = tableAlias(at);
      if (alias === null) {
        // Without a name its columns cannot be reached, so its CTEs are of no interest either.
        bodies.length = kept;
        return;
      }
      const derived = renamed(body, columnNames(at));
      sources.push({ alias: alias.toLowerCase(), table: "(subquery)", cte: null, derived });
      return;
    }
    const first = at.name();
    const parts = [at.nameText(first)];
    let end = first.end;
    while (at.symbol(".")) {
      const part = at.anyName();
      parts.push(at.nameText(part));
      end = part.end;
    }
    // A table function, which the full parser knows more about.
    if (at.isSymbol("(")) giveUp();
    const alias = tableAlias(at);
    // What becomes of columns that the alias renames is left to the full parser.
    if (alias !== null && columnNames(at).length > 0) giveUp();
    const last = parts.at(-1) ?? "";
    const cte = parts.length === 1 ? (scope.get(last.toLowerCase()) ?? null) : null;
    sources.push({ alias: (alias ?? last).toLowerCase(), table: parts.join("."), cte, derived: null });
    if (cte === null) references.push({ parts, start: first.start, end, alias, outer });
  };

  if (cursor.isWord("with")) {
    insertion = { offset: cursor.peek(cursor.isWord("recursive", 1) ? 2 : 1).start, hasWith: true };
  }
  const found = query(cursor, true);
  while (cursor.symbol(";"));
  if (cursor.peek().kind !== "end") giveUp();
  return {
    query: found,
    ctes: bodies,
    references: references.sort((left, right) => left.start - right.start),
    insertion,
  };
};

const NOTHING: QueryNode = Object.freeze({
  kind: "values",
  outputs: [],
  sources: [],
  arms: [],
  byName: false,
  opaque: false,
  hasFrom: false,
});

/** `(a, b)` after a name. */
const columnNames = (cursor: Cursor): readonly string[] => {
  if (!cursor.symbol("(")) return [];
  const names: string[] = [];
  do names.push(cursor.nameText(cursor.name()));
  while (cursor.symbol(","));
  cursor.expectSymbol(")");
  return names;
};

const tableAlias = (cursor: Cursor): string | null => {
  if (cursor.word("as")) return cursor.nameText(cursor.anyName());
  return cursor.isName() ? cursor.nameText(cursor.name()) : null;
};

/** Moves over `[INNER | LEFT [OUTER] | … | CROSS] JOIN`; undefined when no join follows. */
const joinKind = (cursor: Cursor): "cross" | "conditional" | undefined => {
  if (cursor.word("join")) return "conditional";
  const cross = cursor.word("cross");
  const sided = !cross && (cursor.word("left") || cursor.word("right") || cursor.word("full"));
  if (sided) cursor.word("outer");
  else if (!cross && !cursor.word("inner")) return undefined;
  cursor.expectWord("join");
  return cross ? "cross" : "conditional";
};

const renamed = (node: QueryNode, columns: readonly string[]): QueryNode => {
  // Rare enough to leave to the full parser, which knows what becomes of stars.
  return columns.length === 0 ? node : giveUp();
};

const output = (found: Item, scope: Scope): Output => {
  if (found.kind === "star") return found;
  const traced = traceQuick(found.value, scope);
  const source =
    traced === undefined || traced.table === null
      ? null
      : { table: traced.table, column: traced.column, transform: traced.transform, from: traced.from };
  if (found.alias !== null) {
    return { kind: "column", name: found.alias.text, named: true, source, at: found.alias.at };
  }
  if (found.value?.kind === "path") {
    const name = found.value.parts.at(-1) ?? "";
    return { kind: "column", name, named: true, source, at: found.value.at };
  }
  return traced === undefined
    ? { kind: "unnamed" }
    : { kind: "column", name: traced.column, named: false, source, at: -1 };
};
