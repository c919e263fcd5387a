import type { TableReference } from "./facts.ts";
import type { LineMap } from "./positions.ts";
import { child, identifierText, isQuery, isTree, items, nameParts, spanOf } from "./syntax-tree.ts";

const NO_NAMES: ReadonlySet<string> = new Set();

/** Every table name in a query, at any depth, except names of CTEs in scope. */
export const tableReferences = (query: unknown, lines: LineMap): readonly TableReference[] => {
  const found: TableReference[] = [];

  const visitQuery = (node: unknown, outerScope: ReadonlySet<string>, outer: boolean): void => {
    const clause = child(node, "with");
    let scope = outerScope;
    if (clause != null) {
      const names = new Set(outerScope);
      const recursive = child(clause, "recursive") === true;
      for (const cte of items(clause, "cte_tables")) {
        const name = identifierText(child(child(cte, "alias"), "name")).toLowerCase();
        // Without RECURSIVE a CTE's own name still means the table outside, as in `WITH t AS (SELECT … FROM t)`.
        if (recursive) names.add(name);
        visitQuery(child(cte, "query"), names, false);
        names.add(name);
      }
      scope = names;
    }
    if (!isTree(node)) return;
    for (const key of Object.keys(node)) {
      if (key === "body") visitBody(node.body, scope, outer);
      else if (key !== "with") visit(node[key], scope, false);
    }
  };

  /** Set operations and parentheses keep their arms outermost. */
  const visitBody = (body: unknown, scope: ReadonlySet<string>, outer: boolean): void => {
    const nested = child(body, "Query");
    if (nested !== undefined) {
      visitQuery(nested, scope, outer);
      return;
    }
    let operation = child(body, "SetOperation");
    if (operation !== undefined) {
      // Long ones lean to the left, so only what stands right is worth a call. Found tables are sorted at the end.
      for (let left = body; operation !== undefined; operation = child(left, "SetOperation")) {
        visitBody(child(operation, "right"), scope, outer);
        left = child(operation, "left");
        if (child(left, "SetOperation") === undefined) visitBody(left, scope, outer);
      }
      return;
    }
    const select = child(body, "Select");
    if (!isTree(select)) visit(body, scope, false);
    else for (const key of Object.keys(select)) visit(select[key], scope, outer && key === "from");
  };

  const visit = (node: unknown, scope: ReadonlySet<string>, outer: boolean): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, scope, outer);
      return;
    }
    if (node instanceof Map) {
      for (const item of node.values()) visit(item, scope, outer);
      return;
    }
    if (!isTree(node)) return;
    if (isQuery(node)) {
      visitQuery(node, scope, false);
      return;
    }
    for (const key of Object.keys(node)) {
      if (key === "span" || key.endsWith("_token")) continue;
      const value = node[key];
      if (key === "Table") addReference(value, scope, outer);
      visit(value, scope, outer && key !== "join_operator");
    }
  };

  const addReference = (table: unknown, scope: ReadonlySet<string>, outer: boolean): void => {
    const name = nameParts(child(table, "name"));
    // A name with arguments is a table function.
    if (name === undefined || child(table, "args") != null) return;
    const first = spanOf(name[0]);
    const last = spanOf(name.at(-1));
    if (first === undefined || last === undefined) return;
    const parts = name.map(identifierText);
    // Quoted with apostrophes it is a file that DuckDB reads.
    if (name.some((part) => part.quote_style === "'")) return;
    if (parts.length === 1 && scope.has((parts[0] ?? "").toLowerCase())) return;
    const alias = child(child(table, "alias"), "name");
    found.push({
      parts,
      start: lines.offsetOf(first.start.line, first.start.column),
      end: lines.offsetOf(last.end.line, last.end.column),
      alias: alias == null ? null : identifierText(alias),
      outer,
    });
  };

  visitQuery(query, NO_NAMES, true);
  return found.sort((left, right) => left.start - right.start);
};
