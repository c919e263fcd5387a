import type { ColumnInfo } from "../../adapters/adapter.ts";

/** What separates a source table from its copy. */
export type Drift =
  | { readonly kind: "none" }
  | { readonly kind: "recreate"; readonly reasons: readonly string[] }
  | {
      readonly kind: "alter";
      readonly added: readonly ColumnInfo[];
      /** Columns whose type grows, with the new type. */
      readonly widened: readonly ColumnInfo[];
      /** Columns that the source no longer has; the copy keeps them. */
      readonly dropped: readonly ColumnInfo[];
      readonly actions: readonly { readonly action: string; readonly reason: string }[];
    };

const INTEGERS = ["tinyint", "smallint", "integer", "bigint", "hugeint"];

const decimalOf = (type: string): readonly [number, number] | undefined => {
  const match = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
};

/** True when every old value fits the new type unchanged. */
export const isWidening = (from: string, to: string): boolean => {
  const before = from.toLowerCase();
  const after = to.toLowerCase();
  const rank = INTEGERS.indexOf(before);
  if (rank >= 0 && INTEGERS.indexOf(after) > rank) return true;
  if (before === "float" && after === "double") return true;
  const old = decimalOf(before);
  const grown = decimalOf(after);
  return old !== undefined && grown !== undefined && old[1] === grown[1] && grown[0] > old[0];
};

const joinNames = (columns: readonly ColumnInfo[], describe: (column: ColumnInfo) => string): string =>
  columns.map(describe).join(", ");

/** Compares names without case and types by their text. `own` are columns that the copy adds itself. */
export const findDrift = (
  source: readonly ColumnInfo[],
  target: readonly ColumnInfo[],
  own: readonly string[],
): Drift => {
  const added: ColumnInfo[] = [];
  const widened: ColumnInfo[] = [];
  const changes: string[] = [];
  const oldTypes = new Map(target.map(({ name, type }) => [name.toLowerCase(), type]));
  let incompatible = false;
  for (const column of source) {
    const old = oldTypes.get(column.name.toLowerCase());
    if (old === undefined) added.push(column);
    else if (old.toLowerCase() !== column.type.toLowerCase()) {
      changes.push(`column '${column.name}' changed ${column.type} → ${old}`);
      if (isWidening(old, column.type)) widened.push(column);
      else incompatible = true;
    }
  }
  if (incompatible) return { kind: "recreate", reasons: changes };
  const kept = new Set([...source.map(({ name }) => name), ...own].map((name) => name.toLowerCase()));
  const dropped = target.filter(({ name }) => !kept.has(name.toLowerCase()));
  if (added.length + widened.length + dropped.length === 0) return { kind: "none" };
  const actions: { action: string; reason: string }[] = [];
  if (widened.length > 0) {
    const reason = joinNames(
      widened,
      ({ name, type }) => `column '${name}' widened ${oldTypes.get(name.toLowerCase())} → ${type}`,
    );
    actions.push({ action: "alter_column_types", reason });
  }
  if (added.length > 0) {
    actions.push({
      action: "add_columns",
      reason: joinNames(added, ({ name, type }) => `added column '${name}' (${type})`),
    });
  }
  if (dropped.length > 0) {
    const reason = joinNames(
      dropped,
      ({ name, type }) => `column '${name}' (${type}) is gone from the source, new rows get NULL`,
    );
    actions.push({ action: "keep_dropped_columns", reason });
  }
  return { kind: "alter", added, widened, dropped, actions };
};
