import { innermostFirst } from "../graph/innermost-first.ts";
import type { LineageEdge } from "../lineage/edge.ts";
import {
  type ColumnSource,
  formatTransform,
  type Output,
  type QueryFacts,
  type QueryNode,
  type Source,
  type Transform,
} from "../sql/index.ts";
import { transformedType, type Typed, UNTYPED } from "./infer-type.ts";
import type { OutputColumn } from "./project.ts";
import { commonType, sameType } from "./supertype.ts";
import { unreachable } from "../unreachable.ts";

/** An output column with what is known about it. */
export interface ResolvedColumn extends OutputColumn {
  /** Where it comes from; several for a set operation, none when it is computed. */
  readonly inputs: readonly Input[];
  /** True when a `*` put it here and not its name. */
  readonly fromStar: boolean;
  /** Offset in the query's text, -1 when it has none of its own. */
  readonly at: number;
}

export type Input = Pick<LineageEdge, "source" | "transform">;

export interface ResolvedOutputs {
  readonly columns: readonly ResolvedColumn[];
  /** False when there are, or may be, further columns whose names are not known. */
  readonly complete: boolean;
  /** False when even the number of columns is not known. */
  readonly aligned: boolean;
}

/** Columns of a table named in FROM, when it is a model compiled before or a source with a known schema. */
export type TableColumns = (name: string) => KnownTable | undefined;

export interface KnownTable {
  readonly columns: readonly OutputColumn[];
  readonly complete: boolean;
  /** Finds a column as written, else without case. */
  readonly find: (name: string) => OutputColumn | undefined;
}

/** Up to this many columns a walk over them is cheaper than an index. */
const FEW_COLUMNS = 16;

export const knownTable = (columns: readonly OutputColumn[], complete: boolean): KnownTable => {
  let index: ReadonlyMap<string, OutputColumn> | undefined;
  const find = (name: string): OutputColumn | undefined => {
    if (columns.length <= FEW_COLUMNS) {
      const exact = columns.find((column) => column.name === name);
      if (exact !== undefined) return exact;
      const folded = name.toLowerCase();
      return columns.find((column) => column.name.toLowerCase() === folded);
    }
    index ??= columnIndex(columns);
    return index.get(name) ?? index.get(name.toLowerCase());
  };
  return { columns, complete, find };
};

const columnIndex = (columns: readonly OutputColumn[]): ReadonlyMap<string, OutputColumn> => {
  const index = new Map<string, OutputColumn>();
  for (const column of columns) {
    const folded = column.name.toLowerCase();
    if (!index.has(folded)) index.set(folded, column);
  }
  // Exact names after folded ones, so that `ID` wins over a folded `id` where both exist.
  for (const column of columns) index.set(column.name, column);
  return index;
};

/** Expands stars, types the columns and says which input each has. */
export const resolveOutputs = (
  facts: QueryFacts,
  tableColumns: TableColumns,
  inputs: InputDepth = "named",
): ResolvedOutputs => new Resolver(facts, tableColumns, inputs).resolveAll();

/**
 * Where a column of a CTE or subquery is said to come from: `named` says the name of that CTE or `(subquery)`, as the
 * original does; `tables` says the columns of tables that it was made of in there.
 */
export type InputDepth = "named" | "tables";

/** The CTEs that a query reads outside its own CTEs. */
const ctesIn = (query: QueryNode | undefined): readonly number[] => {
  const found: number[] = [];
  const left = query === undefined ? [] : [query];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    left.push(...node.arms);
    for (const { cte, derived } of node.sources) {
      if (cte !== null) found.push(cte);
      if (derived !== null) left.push(derived);
    }
  }
  return found;
};

class Resolver {
  readonly #facts: QueryFacts;
  readonly #tableColumns: TableColumns;
  readonly #depth: InputDepth;
  readonly #cteOutputs = new Map<number, ResolvedOutputs>();
  // Each is asked for once a column; resolved anew each time, every level of nesting would multiply the work.
  readonly #inside = new Map<Source, ResolvedOutputs>();
  readonly #insideByName = new Map<Source, ReadonlyMap<string, ResolvedColumn>>();

  constructor(facts: QueryFacts, tableColumns: TableColumns, depth: InputDepth) {
    this.#facts = facts;
    this.#tableColumns = tableColumns;
    this.#depth = depth;
  }

  resolveAll(): ResolvedOutputs {
    const { query, ctes } = this.#facts;
    // One after the other, because each may read the one before: following a long chain would overflow the stack.
    for (const index of innermostFirst(ctesIn(query), (cte) => ctesIn(ctes[cte]))) this.#resolveCte(index);
    return this.resolve(query);
  }

  resolve(node: QueryNode): ResolvedOutputs {
    switch (node.kind) {
      case "values":
        return UNRESOLVED;
      case "set":
        return mergeArms(
          node.arms.map((arm) =>
            arm.kind === "select" ? this.#resolveSelect(arm, true) : this.resolve(arm),
          ),
          node.byName,
        );
      case "select":
        return this.#resolveSelect(node, false);
      default:
        return unreachable(node.kind);
    }
  }

  /** `positions` keeps a place for columns without a name, because arms of a set operation meet by position. */
  #resolveSelect(node: QueryNode, positions: boolean): ResolvedOutputs {
    const columns: ResolvedColumn[] = [];
    let complete = true;
    let aligned = true;
    for (const output of node.outputs) {
      switch (output.kind) {
        case "unnamed":
          complete = false;
          if (positions) columns.push(NAMELESS);
          break;
        case "column":
          complete &&= output.named;
          columns.push(this.#resolveColumn(output, node));
          break;
        case "star":
          aligned = this.#expandStar(output, node, columns) && aligned;
          complete &&= aligned;
          break;
        default:
          unreachable(output);
      }
    }
    return { columns, complete, aligned };
  }

  #resolveColumn({ name, source, at }: Output & { kind: "column" }, node: QueryNode): ResolvedColumn {
    if (source === null) return { name, ...UNTYPED, inputs: [], fromStar: false, at };
    const inner = this.#depth === "tables" ? this.#innerColumn(source, node) : undefined;
    if (inner !== undefined) {
      const typed = transformedType(source.transform, inner);
      const inputs = inner.inputs.map((input) => through(input, source.transform));
      return { name, type: typed.type, nullable: typed.nullable, inputs, fromStar: false, at };
    }
    const { type, nullable } = this.#typeOf(source, node);
    const input: Input = {
      source: { model: source.table, column: source.column },
      transform: formatTransform(source.transform),
    };
    return { name, type, nullable, inputs: [input], fromStar: false, at };
  }

  /** The column of a CTE or subquery that is read; undefined for columns of tables. */
  #innerColumn(source: ColumnSource, node: QueryNode): ResolvedColumn | undefined {
    const entry = source.from === null ? undefined : node.sources[source.from];
    if (entry === undefined || (entry.cte === null && entry.derived === null)) return undefined;
    const byName = this.#insideByName.get(entry) ?? firstByName(this.#expandSource(entry).columns);
    this.#insideByName.set(entry, byName);
    return byName.get(source.column.toLowerCase()) ?? NAMELESS;
  }

  /** Only tables have types; what a CTE or subquery computes is not followed. */
  #typeOf(source: ColumnSource, node: QueryNode): Typed {
    const entry = source.from === null ? undefined : node.sources[source.from];
    const table =
      entry === undefined || entry.cte !== null || entry.derived !== null
        ? undefined
        : this.#tableColumns(entry.table);
    return transformedType(source.transform, table?.find(source.column) ?? UNTYPED);
  }

  /** Adds the columns of a star that are not there yet; false when there are, or may be, more. */
  #expandStar(star: Output & { kind: "star" }, node: QueryNode, columns: ResolvedColumn[]): boolean {
    const { qualifier } = star;
    const entries = node.sources.filter(
      (entry) => entry.filter !== true && (qualifier === null || entry.alias === qualifier),
    );
    const except = new Set(star.except);
    const computed = new Set(star.computed);
    const renamed = new Map(star.renamed);
    const names = new Set(columns.map((column) => column.name.toLowerCase()));
    let complete = entries.length > 0 && !(qualifier === null && node.opaque);
    for (const entry of entries) {
      const expanded = this.#expandSource(entry);
      complete &&= expanded.complete;
      for (const found of expanded.columns) {
        const old = found.name.toLowerCase();
        if (except.has(old)) continue;
        const column = { ...found, name: renamed.get(old) ?? found.name };
        const key = column.name.toLowerCase();
        if (names.has(key)) {
          // Without USING the warehouse keeps both, under a name of its own making.
          complete = false;
          continue;
        }
        names.add(key);
        columns.push(computed.has(old) ? { ...column, ...UNTYPED, inputs: [] } : column);
      }
    }
    return complete;
  }

  #expandSource(entry: Source): ResolvedOutputs {
    if (entry.derived !== null || entry.cte !== null) return this.#expandInside(entry);
    const known = this.#tableColumns(entry.table);
    if (known === undefined) return UNRESOLVED;
    const columns = known.columns.map(({ name, type, nullable }) => ({
      name,
      type,
      nullable,
      inputs: [{ source: { model: entry.table, column: name }, transform: "direct" }],
      fromStar: true,
      at: -1,
    }));
    return { columns, complete: known.complete, aligned: known.complete };
  }

  /** What a CTE or subquery puts out, as the query around it sees it. */
  #expandInside(entry: Source): ResolvedOutputs {
    const known = this.#inside.get(entry);
    if (known !== undefined) return known;
    const outputs =
      entry.derived !== null
        ? this.resolve(entry.derived)
        : entry.cte !== null
          ? this.#resolveCte(entry.cte)
          : UNRESOLVED;
    const seen: ResolvedOutputs =
      this.#depth === "named"
        ? withoutInputs(outputs)
        : {
            ...outputs,
            columns: outputs.columns.map((column) => ({ ...column, fromStar: true, at: -1 })),
          };
    this.#inside.set(entry, seen);
    return seen;
  }

  #resolveCte(index: number): ResolvedOutputs {
    const known = this.#cteOutputs.get(index);
    if (known !== undefined) return known;
    // Met again while it is being resolved, a recursive CTE adds no columns to itself.
    this.#cteOutputs.set(index, { columns: [], complete: true, aligned: true });
    const body = this.#facts.ctes[index];
    const outputs = body === undefined ? UNRESOLVED : this.resolve(body);
    this.#cteOutputs.set(index, outputs);
    return outputs;
  }
}

/** Columns by their name in lower case; the first of equal names wins. */
const firstByName = (columns: readonly ResolvedColumn[]): ReadonlyMap<string, ResolvedColumn> =>
  new Map([...columns].reverse().map((column) => [column.name.toLowerCase(), column]));

const UNRESOLVED: ResolvedOutputs = Object.freeze({ columns: [], complete: false, aligned: false });

const NAMELESS: ResolvedColumn = Object.freeze({ name: "", ...UNTYPED, inputs: [], fromStar: false, at: -1 });

/** What becomes of an input when its column is changed once more on the way out. */
const through = (input: Input, transform: Transform): Input =>
  transform.kind === "direct" || input.transform.startsWith("aggregation")
    ? input
    : { ...input, transform: formatTransform(transform) };

const withoutInputs = (outputs: ResolvedOutputs): ResolvedOutputs => ({
  complete: outputs.complete,
  aligned: outputs.aligned,
  columns: outputs.columns.map((column) => ({
    name: column.name,
    ...UNTYPED,
    inputs: [],
    fromStar: true,
    at: -1,
  })),
});

/** The first arm names the columns; every arm is an input. */
const mergeArms = (arms: readonly ResolvedOutputs[], byName: boolean): ResolvedOutputs => {
  const [first, ...others] = arms;
  if (first === undefined) return UNRESOLVED;
  const aligned = arms.every((arm) => arm.aligned);
  if (byName) return { columns: mergeByName(arms), complete: arms.every((arm) => arm.complete), aligned };
  const columns = first.columns.map((column, index) => {
    if (!aligned) return { ...column, ...UNTYPED };
    return mergeColumns([column, ...others.flatMap((arm) => arm.columns[index] ?? NAMELESS)]);
  });
  return { columns: columns.filter((column) => column.name !== ""), complete: first.complete, aligned };
};

const mergeByName = (arms: readonly ResolvedOutputs[]): readonly ResolvedColumn[] => {
  const sameName = new Map<string, ResolvedColumn[]>();
  for (const column of arms.flatMap((arm) => arm.columns)) {
    if (column.name === "") continue;
    const key = column.name.toLowerCase();
    const known = sameName.get(key);
    if (known === undefined) sameName.set(key, [column]);
    else known.push(column);
  }
  return [...sameName.values()].map(mergeColumns);
};

/** One column out of those that meet in it; the first names it. */
const mergeColumns = (columns: readonly ResolvedColumn[]): ResolvedColumn => {
  const [first = NAMELESS, ...others] = columns;
  if (others.length === 0) return first;
  let { type, nullable } = first;
  for (const other of others) {
    if (!sameType(type, other.type)) type = commonType(type, other.type) ?? UNTYPED.type;
    nullable ||= other.nullable;
  }
  return { ...first, type, nullable, inputs: distinctInputs(columns.flatMap((column) => column.inputs)) };
};

const distinctInputs = (inputs: readonly Input[]): readonly Input[] => {
  const seen = new Map<string, Input>();
  for (const input of inputs) {
    const key = JSON.stringify([input.source.model, input.source.column, input.transform]);
    if (!seen.has(key)) seen.set(key, input);
  }
  return [...seen.values()];
};
