import { lowerExpression } from "./lower-expression.ts";
import { columnsOf, hasWindow, substitute } from "./substitute.ts";
import type { Expression, Program, SelectItem, SortKey, Step } from "./syntax-tree.ts";

interface Item {
  /** Output name; undefined for stars. */
  readonly name?: string;
  readonly sql: string;
}

/** One SELECT under construction. */
interface Query {
  from: string;
  /** What `alias.*` may be called by; undefined for a nested query. */
  fromName: string;
  joins: string[];
  where: string[];
  groupBy: string[] | undefined;
  having: string[];
  orderBy: string[];
  limit: string | undefined;
  distinct: boolean;
  /** Undefined is `*`. */
  items: Item[] | undefined;
  derived: Map<string, Expression>;
}

const startQuery = (from: string, fromName: string): Query => ({
  from,
  fromName,
  joins: [],
  where: [],
  groupBy: undefined,
  having: [],
  orderBy: [],
  limit: undefined,
  distinct: false,
  items: undefined,
  derived: new Map(),
});

const toSql = (query: Query): string => {
  const items = query.items?.map(({ sql }) => sql).join(", ") ?? "*";
  const lines = [`SELECT ${query.distinct ? "DISTINCT " : ""}${items}`, `FROM ${query.from}`, ...query.joins];
  if (query.where.length > 0) lines.push(`WHERE ${query.where.join(" AND ")}`);
  if (query.groupBy !== undefined && query.groupBy.length > 0)
    lines.push(`GROUP BY ${query.groupBy.join(", ")}`);
  if (query.having.length > 0) lines.push(`HAVING ${query.having.join(" AND ")}`);
  if (query.orderBy.length > 0) lines.push(`ORDER BY ${query.orderBy.join(", ")}`);
  if (query.limit !== undefined) lines.push(`LIMIT ${query.limit}`);
  return lines.join("\n");
};

const NESTED = "_steps";

/** What has been said so far becomes the source of a new SELECT. */
const nest = (query: Query): Query => startQuery(`(${toSql(query)}) AS ${NESTED}`, NESTED);

const conditionSql = (condition: Expression): string => {
  const sql = lowerExpression(condition);
  return condition.kind === "binary" && condition.operator === "or" ? `(${sql})` : sql;
};

const usesWindow = (query: Query, columns: readonly string[]): boolean =>
  columns.some((column) => {
    const meaning = query.derived.get(column);
    return meaning !== undefined && hasWindow(meaning);
  });

const isCut = (query: Query): boolean => query.limit !== undefined || query.distinct;

const addWhere = (before: Query, condition: Expression): Query => {
  const query = isCut(before) || usesWindow(before, columnsOf(condition)) ? nest(before) : before;
  const sql = conditionSql(substitute(condition, query.derived));
  (query.groupBy === undefined ? query.where : query.having).push(sql);
  return query;
};

const itemOf = (name: string, meaning: Expression | undefined): Item => {
  if (meaning === undefined) return { name, sql: name };
  const sql = lowerExpression(meaning);
  return { name, sql: sql === name ? name : `${sql} AS ${name}` };
};

const addGroup = (before: Query, step: Extract<Step, { kind: "group" }>): Query => {
  const named = [...step.keys, ...step.aggregates.flatMap(({ expression }) => columnsOf(expression))];
  const query =
    isCut(before) || before.groupBy !== undefined || usesWindow(before, named) ? nest(before) : before;
  const keys = step.keys.map((key) => [key, query.derived.get(key)] as const);
  const aggregates = step.aggregates.map(
    ({ name, expression }) => [name, substitute(expression, query.derived)] as const,
  );
  query.groupBy = keys.map(([key, meaning]) => (meaning === undefined ? key : lowerExpression(meaning)));
  query.items = [
    ...keys.map(([key, meaning]) => itemOf(key, meaning)),
    ...aggregates.map(([name, meaning]) => itemOf(name, meaning)),
  ];
  query.derived = new Map([
    ...keys.flatMap(([key, meaning]) => (meaning === undefined ? [] : [[key, meaning] as const])),
    ...aggregates,
  ]);
  return query;
};

const addDerive = (before: Query, step: Extract<Step, { kind: "derive" }>): Query => {
  let query = isCut(before) ? nest(before) : before;
  for (const { name, expression } of step.columns) {
    // A window over a derived column cannot name it in its own clause.
    if (hasWindow(expression) && columnsOf(expression).some((column) => query.derived.has(column)))
      query = nest(query);
    const meaning = substitute(expression, query.derived);
    const items = query.items ?? [{ sql: "*" }];
    query.items = [...items.filter((item) => item.name !== name), itemOf(name, meaning)];
    query.derived.set(name, meaning);
  }
  return query;
};

const selected = (query: Query, item: SelectItem): readonly Item[] => {
  if (item.kind === "star") return query.items ?? [{ sql: "*" }];
  if (item.qualifier !== undefined) return [{ name: item.name, sql: `${item.qualifier}.${item.name}` }];
  return [itemOf(item.name, query.derived.get(item.name))];
};

const addSelect = (before: Query, step: Extract<Step, { kind: "select" }>): Query => {
  const query = isCut(before) ? nest(before) : before;
  query.items = step.items.flatMap((item) => selected(query, item));
  return query;
};

const addJoin = (before: Query, step: Extract<Step, { kind: "join" }>): Query => {
  const query = isCut(before) || before.groupBy !== undefined ? nest(before) : before;
  const alias = step.alias ?? step.source.split(".").at(-1) ?? step.source;
  // USING leaves one key column, so that later steps can name it without saying which side.
  const condition = step.join === "CROSS JOIN" ? "" : ` USING (${step.on.join(", ")})`;
  query.joins.push(`${step.join} ${step.source} AS ${alias}${condition}`);
  if (step.keep.length > 0) {
    const kept = step.keep.flatMap((item) => selected(query, item));
    query.items = [...(query.items ?? [{ sql: `${query.fromName}.*` }]), ...kept];
  }
  return query;
};

const addSort = (before: Query, keys: readonly SortKey[]): Query => {
  const query = before.limit === undefined ? before : nest(before);
  for (const { column, descending } of keys) {
    const shown = query.items?.some((item) => item.name === column) ?? true;
    const meaning = shown ? undefined : query.derived.get(column);
    query.orderBy.push(
      `${meaning === undefined ? column : lowerExpression(meaning)}${descending ? " DESC" : ""}`,
    );
  }
  return query;
};

const addStep = (query: Query, step: Step): Query => {
  switch (step.kind) {
    case "from":
      return query;
    case "where":
      return addWhere(query, step.condition);
    case "group":
      return addGroup(query, step);
    case "derive":
      return addDerive(query, step);
    case "select":
      return addSelect(query, step);
    case "join":
      return addJoin(query, step);
    case "sort":
      return addSort(query, step.keys);
    case "take": {
      const next = query.limit === undefined ? query : nest(query);
      next.limit = step.count;
      return next;
    }
    case "distinct": {
      const next = query.limit === undefined ? query : nest(query);
      next.distinct = true;
      return next;
    }
    case "replicate":
      return query;
    default:
      return step satisfies never;
  }
};

const lowerPipeline = (steps: readonly Step[]): string => {
  const [first, ...others] = steps;
  if (first?.kind !== "from") return "";
  if (others.some((step) => step.kind === "replicate")) return `SELECT * FROM ${first.source}`;
  const alias = first.alias ?? first.source.split(".").at(-1) ?? first.source;
  const from = first.alias === undefined ? first.source : `${first.source} AS ${first.alias}`;
  return toSql(others.reduce(addStep, startQuery(from, alias)));
};

/** SQL for a program; `let` bindings become common table expressions. */
export const lowerProgram = ({ bindings, steps }: Program): string => {
  const tables = bindings.map((binding) => `${binding.name} AS (\n${lowerPipeline(binding.steps)}\n)`);
  const main = lowerPipeline(steps);
  return tables.length === 0 ? main : `WITH ${tables.join(",\n")}\n${main}`;
};
