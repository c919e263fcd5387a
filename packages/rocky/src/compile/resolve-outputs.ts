import type { LineageEdge } from "../lineage/edge.ts";
import {
  type ColumnSource,
  formatTransform,
  type Output,
  type QueryFacts,
  type QueryNode,
  type Source,
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
}

/** Columns of a table named in FROM, when it is a model compiled before or a source with a known schema. */
export type TableColumns = (name: string) => KnownTable | undefined;

export interface KnownTable {
  readonly columns: readonly OutputColumn[];
  readonly complete: boolean;
  /** Finds a column as written, else without case. */
  readonly find: (name: string) => OutputColumn | undefined;
}

export const knownTable = (columns: readonly OutputColumn[], complete: boolean): KnownTable => {
  // Built when the first column is asked for: most tables that a star reaches are never asked.
  let byName: Map<string, OutputColumn> | undefined;
  const indexed = (): Map<string, OutputColumn> => {
    const index = new Map<string, OutputColumn>();
    for (const column of columns) {
      const folded = column.name.toLowerCase();
      if (!index.has(folded)) index.set(folded, column);
    }
    // Exact names after folded ones, so that `ID` wins over a folded `id` where both exist.
    for (const column of columns) index.set(column.name, column);
    return index;
  };
  return {
    columns,
    complete,
    find: (name) => {
      byName ??= indexed();
      return byName.get(name) ?? byName.get(name.toLowerCase());
    },
  };
};

/** Expands stars, types the columns and says which input each has. */
export const resolveOutputs = (facts: QueryFacts, tableColumns: TableColumns): ResolvedOutputs => {
  const cteOutputs = new Map<number, ResolvedOutputs>();

  const resolveNode = (node: QueryNode): ResolvedOutputs => {
    if (node.kind === "set") return mergeArms(node.arms.map(resolveNode), node.byName);
    if (node.kind === "values") return UNRESOLVED;
    const columns: ResolvedColumn[] = [];
    const names = new Set<string>();
    let complete = true;
    for (const output of node.outputs) {
      const resolved = resolveOutput(output, node);
      complete &&= resolved.complete;
      for (const column of resolved.columns) {
        const key = column.name.toLowerCase();
        if (output.kind === "star" && names.has(key)) continue;
        names.add(key);
        columns.push(column);
      }
    }
    return { columns, complete };
  };

  const resolveOutput = (output: Output, node: QueryNode): ResolvedOutputs => {
    switch (output.kind) {
      case "unnamed":
        return UNRESOLVED;
      case "column":
        return {
          columns: [resolveColumn(output.name, output.source, output.at, node)],
          complete: output.named,
        };
      case "star":
        return expandStar(output, node);
      default:
        return unreachable(output);
    }
  };

  const resolveColumn = (
    name: string,
    source: ColumnSource | null,
    at: number,
    node: QueryNode,
  ): ResolvedColumn => {
    if (source === null) return { name, ...UNTYPED, inputs: [], fromStar: false, at };
    const input: Input = {
      source: { model: source.table, column: source.column },
      transform: formatTransform(source.transform),
    };
    const entry = source.from === null ? undefined : node.sources[source.from];
    const { type, nullable } = transformedType(source.transform, typeIn(entry, source.column));
    return { name, type, nullable, inputs: [input], fromStar: false, at };
  };

  /** Only tables have types; what a CTE or subquery computes is not followed. */
  const typeIn = (entry: Source | undefined, column: string): Typed => {
    if (entry === undefined || entry.cte !== null || entry.derived !== null) return UNTYPED;
    return tableColumns(entry.table)?.find(column) ?? UNTYPED;
  };

  const expandStar = (star: Output & { kind: "star" }, node: QueryNode): ResolvedOutputs => {
    const entries =
      star.qualifier === null ? node.sources : node.sources.filter((entry) => entry.alias === star.qualifier);
    const except = new Set(star.except);
    const expanded = entries.map(expandSource);
    return {
      columns: expanded
        .flatMap((outputs) => outputs.columns)
        .filter((column) => !except.has(column.name.toLowerCase())),
      complete: entries.length > 0 && expanded.every((outputs) => outputs.complete),
    };
  };

  const expandSource = (entry: Source): ResolvedOutputs => {
    if (entry.derived !== null) return withoutInputs(resolveNode(entry.derived));
    if (entry.cte !== null) return withoutInputs(resolveCte(entry.cte));
    const known = tableColumns(entry.table);
    if (known === undefined) return UNRESOLVED;
    const columns = known.columns.map(({ name, type, nullable }) => ({
      name,
      type,
      nullable,
      inputs: [{ source: { model: entry.table, column: name }, transform: "direct" }],
      fromStar: true,
      at: -1,
    }));
    return { columns, complete: known.complete };
  };

  const resolveCte = (index: number): ResolvedOutputs => {
    const known = cteOutputs.get(index);
    if (known !== undefined) return known;
    // Met again while it is being resolved, a recursive CTE adds no columns to itself.
    cteOutputs.set(index, { columns: [], complete: true });
    const body = facts.ctes[index];
    const outputs = body === undefined ? UNRESOLVED : resolveNode(body);
    cteOutputs.set(index, outputs);
    return outputs;
  };

  return resolveNode(facts.query);
};

const UNRESOLVED: ResolvedOutputs = Object.freeze({ columns: [], complete: false });

const withoutInputs = (outputs: ResolvedOutputs): ResolvedOutputs => ({
  complete: outputs.complete,
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
  const complete = arms.every((arm) => arm.complete);
  if (byName) return { columns: mergeByName(arms), complete };
  const columns = first.columns.map((column, index) => {
    let merged = column;
    for (const arm of others) {
      // An arm with unknown columns cannot be matched by position.
      const other = arm.complete && first.complete ? arm.columns[index] : undefined;
      merged = other === undefined ? withoutType(merged) : mergeColumn(merged, other);
    }
    return merged;
  });
  return { columns, complete };
};

const withoutType = (column: ResolvedColumn): ResolvedColumn => ({ ...column, ...UNTYPED });

const mergeByName = (arms: readonly ResolvedOutputs[]): readonly ResolvedColumn[] => {
  const merged = new Map<string, ResolvedColumn>();
  for (const column of arms.flatMap((arm) => arm.columns)) {
    const key = column.name.toLowerCase();
    const known = merged.get(key);
    merged.set(key, known === undefined ? column : mergeColumn(known, column));
  }
  return [...merged.values()];
};

const mergeColumn = (left: ResolvedColumn, right: ResolvedColumn): ResolvedColumn => ({
  ...left,
  type: sameType(left.type, right.type) ? left.type : (commonType(left.type, right.type) ?? UNTYPED.type),
  nullable: left.nullable || right.nullable,
  inputs: distinctInputs([...left.inputs, ...right.inputs]),
});

const distinctInputs = (inputs: readonly Input[]): readonly Input[] => {
  const seen = new Map<string, Input>();
  for (const input of inputs) {
    const key = JSON.stringify([input.source.model, input.source.column, input.transform]);
    if (!seen.has(key)) seen.set(key, input);
  }
  return [...seen.values()];
};
