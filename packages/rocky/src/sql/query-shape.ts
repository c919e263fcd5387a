import type { Output, QueryNode, Source } from "./facts.ts";
import type { LineMap } from "./positions.ts";
import { child, identifierText, isTree, items, nameParts, spanOf, text, variant } from "./syntax-tree.ts";
import { type Scope, scopeOf, type Traced, traceExpression } from "./trace.ts";

type CteScope = ReadonlyMap<string, number>;

export interface QueryShape {
  readonly query: QueryNode;
  readonly ctes: readonly QueryNode[];
}

const EMPTY: QueryNode = Object.freeze({
  kind: "values",
  outputs: [],
  sources: [],
  arms: [],
  byName: false,
  opaque: false,
  hasFrom: false,
});

/** The outputs and named sources of a query, of its CTEs and of its aliased subqueries. */
export const queryShape = (query: unknown, lines: LineMap): QueryShape => {
  const ctes: QueryNode[] = [];

  const queryNode = (node: unknown, outerScope: CteScope): QueryNode => {
    const clause = child(node, "with");
    if (clause == null) return bodyNode(child(node, "body"), outerScope);
    const scope = new Map(outerScope);
    const recursive = child(clause, "recursive") === true;
    for (const cte of items(clause, "cte_tables")) {
      const alias = child(cte, "alias");
      const name = identifierText(child(alias, "name")).toLowerCase();
      // The index is taken before the body is read, because a recursive CTE refers to itself.
      const index = ctes.push(EMPTY) - 1;
      if (recursive) scope.set(name, index);
      ctes[index] = renamed(queryNode(child(cte, "query"), scope), items(alias, "columns"));
      scope.set(name, index);
    }
    return bodyNode(child(node, "body"), scope);
  };

  const bodyNode = (body: unknown, scope: CteScope): QueryNode => {
    const found = variant(body);
    switch (found?.[0]) {
      case "Query":
        return queryNode(found[1], scope);
      case "Select":
        return selectNode(found[1], scope);
      case "SetOperation": {
        const byName = isByName(found[1]);
        const arms = armsOf(found[1])
          .map((arm) => bodyNode(arm, scope))
          .flatMap((arm) => (arm.kind === "set" && !arm.byName ? arm.arms : [arm]));
        const hasFrom = arms.some((arm) => arm.hasFrom);
        return {
          kind: "set",
          outputs: arms[0]?.outputs ?? [],
          sources: [],
          arms,
          byName,
          opaque: false,
          hasFrom,
        };
      }
      default:
        return EMPTY;
    }
  };

  const selectNode = (select: unknown, scope: CteScope): QueryNode => {
    const sources: Source[] = [];
    let opaque = false;
    for (const entry of items(select, "from")) {
      for (const table of [entry, ...items(entry, "joins")]) {
        const source = sourceOf(child(table, "relation"), scope);
        const join = variant(child(table, "join_operator"))?.[0] ?? "";
        if (source === undefined || RIGHT_ONLY.has(join)) opaque = true;
        if (source !== undefined) sources.push(LEFT_ONLY.has(join) ? { ...source, filter: true } : source);
      }
    }
    const columns = scopeOf(sources);
    const outputs = items(select, "projection").map((item) => outputOf(item, columns, lines));
    // `FROM t` alone is DuckDB's way to write `SELECT * FROM t`.
    if (child(select, "flavor") === "FromFirstNoSelect") outputs.push(starOf(null, undefined));
    const hasFrom = items(select, "from").length > 0;
    return { kind: "select", outputs, sources, arms: [], byName: false, opaque, hasFrom };
  };

  const sourceOf = (relation: unknown, scope: CteScope): Source | undefined => {
    const found = variant(relation);
    const aliasName = child(child(found?.[1], "alias"), "name");
    const alias = aliasName == null ? undefined : identifierText(aliasName).toLowerCase();
    if (found?.[0] === "Derived") {
      if (alias === undefined) return undefined;
      const body = queryNode(child(found[1], "subquery"), scope);
      const derived = renamed(body, items(child(found[1], "alias"), "columns"));
      return { alias, table: "(subquery)", cte: null, derived };
    }
    const parts = found?.[0] === "Table" ? nameParts(child(found[1], "name")) : undefined;
    if (parts === undefined || child(found?.[1], "args") != null) return undefined;
    if (items(child(found?.[1], "alias"), "columns").length > 0) return undefined;
    const names = parts.map(identifierText);
    const last = names.at(-1) ?? "";
    const cte = names.length === 1 ? (scope.get(last.toLowerCase()) ?? null) : null;
    return { alias: alias ?? last.toLowerCase(), table: names.join("."), cte, derived: null };
  };

  return { query: queryNode(query, new Map()), ctes };
};

/** Joins that put out the columns of one side and only look into the other. */
const LEFT_ONLY: ReadonlySet<string> = new Set(["Semi", "Anti", "LeftSemi", "LeftAnti"]);
const RIGHT_ONLY: ReadonlySet<string> = new Set(["RightSemi", "RightAnti"]);

const isByName = (operation: unknown): boolean =>
  (text(operation, "set_quantifier") ?? "").endsWith("ByName");

/** The bodies that a set operation puts together, left to right. Long ones lean to the left, so this does not recurse. */
const armsOf = (operation: unknown): readonly unknown[] => {
  const arms = [child(operation, "right")];
  let left = child(operation, "left");
  for (;;) {
    const inner = child(left, "SetOperation");
    if (inner === undefined || isByName(inner)) return [...arms, left].reverse();
    arms.push(child(inner, "right"));
    left = child(inner, "left");
  }
};

/** `WITH c(x, y) AS …` and `(…) AS q(x, y)` name the columns anew. */
const renamed = (node: QueryNode, columns: readonly unknown[]): QueryNode => {
  if (columns.length === 0) return node;
  const names = columns.map((column) => identifierText(child(column, "name") ?? column));
  const outputs: Output[] = names.map((name, index) => {
    const output = node.outputs[index];
    return {
      kind: "column",
      name,
      named: true,
      at: -1,
      source: output?.kind === "column" ? output.source : null,
    };
  });
  const rest = node.outputs.some((output) => output.kind === "star") ? [] : node.outputs.slice(names.length);
  return { ...node, outputs: [...outputs, ...rest] };
};

const outputOf = (item: unknown, scope: Scope, lines: LineMap): Output => {
  const found = variant(item);
  switch (found?.[0]) {
    case "Wildcard":
      return starOf(null, found[1]);
    case "QualifiedWildcard": {
      const [kind, options]: readonly unknown[] = Array.isArray(found[1]) ? found[1] : [];
      const parts = nameParts(child(kind, "ObjectName"));
      const qualifier = identifierText(parts?.at(-1)).toLowerCase();
      return starOf(qualifier, options);
    }
    case "ExprWithAlias": {
      const traced = traceExpression(child(found[1], "expr"), scope);
      const alias = child(found[1], "alias");
      return column(identifierText(alias), true, traced, alias, lines);
    }
    case "UnnamedExpr":
      return unnamedOutput(found[1], scope, lines);
    default:
      return { kind: "unnamed" };
  }
};

const unnamedOutput = (expression: unknown, scope: Scope, lines: LineMap): Output => {
  const traced = traceExpression(expression, scope);
  if (traced === undefined) return { kind: "unnamed" };
  const [kind, payload] = variant(expression) ?? ["", undefined];
  const identifier = Array.isArray(payload) ? payload.at(-1) : payload;
  const bare = kind === "Identifier" || kind === "CompoundIdentifier";
  return column(bare ? identifierText(identifier) : traced.column, bare, traced, identifier, lines);
};

const column = (
  name: string,
  named: boolean,
  traced: Traced | undefined,
  token: unknown,
  lines: LineMap,
): Output => {
  const start = spanOf(token)?.start;
  const source =
    traced === undefined || traced.table === null
      ? null
      : { table: traced.table, column: traced.column, transform: traced.transform, from: traced.from };
  return {
    kind: "column",
    name,
    named,
    source,
    at: start === undefined ? -1 : lines.offsetOf(start.line, start.column),
  };
};

const starOf = (qualifier: string | null, options: unknown): Output => {
  // Which columns come out of this depends on names that only the warehouse knows.
  if (child(options, "opt_ilike") != null) return { kind: "unnamed" };
  const replaced = items(child(options, "opt_replace"), "items");
  const computed = replaced.map((item) => identifierText(child(item, "column_name")).toLowerCase());
  return { kind: "star", qualifier, except: exceptNames(options), computed, renamed: renames(options) };
};

const renames = (options: unknown): readonly (readonly [string, string])[] => {
  const rename = variant(child(options, "opt_rename"));
  const list: readonly unknown[] = Array.isArray(rename?.[1]) ? rename[1] : [rename?.[1]];
  return list
    .filter(isTree)
    .map(({ ident, alias }) => [identifierText(ident).toLowerCase(), identifierText(alias)]);
};

const exceptNames = (options: unknown): readonly string[] => {
  const except = child(options, "opt_except");
  const names =
    except == null ? [] : [child(except, "first_element"), ...items(except, "additional_elements")];
  const exclude = variant(child(options, "opt_exclude"));
  const excluded: readonly unknown[] = Array.isArray(exclude?.[1]) ? exclude[1] : [];
  const paths = exclude?.[0] === "Single" ? [excluded] : excluded;
  const excludedNames = paths.map((path) => nameParts(path)?.at(-1));
  return [...names, ...excludedNames].filter(isTree).map((name) => identifierText(name).toLowerCase());
};
