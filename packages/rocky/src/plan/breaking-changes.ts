import {
  type CompiledModel,
  type CompiledProject,
  displayType,
  type OutputColumn,
} from "../compile/index.ts";

export type BreakingSeverity = "breaking" | "warning" | "info";

export type BreakingChange =
  | { readonly kind: "model_removed" | "model_added"; readonly model: string }
  | {
      readonly kind: "column_dropped";
      readonly model: string;
      readonly column: string;
      readonly data_type: string;
    }
  | {
      readonly kind: "column_added";
      readonly model: string;
      readonly column: string;
      readonly data_type: string;
      readonly nullable: boolean;
    }
  | {
      readonly kind: "column_type_changed";
      readonly model: string;
      readonly column: string;
      readonly old_type: string;
      readonly new_type: string;
      readonly narrowing: boolean;
    }
  | {
      readonly kind: "column_reordered";
      readonly model: string;
      readonly column: string;
      readonly old_index: number;
      readonly new_index: number;
    }
  | {
      readonly kind: "materialization_strategy_changed";
      readonly model: string;
      readonly old_strategy: string;
      readonly new_strategy: string;
    }
  | { readonly kind: "target_renamed"; readonly model: string; readonly old: string; readonly new: string };

/** What a change of a model means for those who read it. */
export interface BreakingFinding {
  readonly change: BreakingChange;
  readonly severity: BreakingSeverity;
}

const UNKNOWN = "?";
const WIDER: Readonly<Record<string, readonly string[]>> = {
  INT32: ["INT64", "FLOAT64"],
  INT64: ["FLOAT64"],
  FLOAT32: ["FLOAT64"],
  DATE: ["TIMESTAMP", "TIMESTAMP_NTZ"],
};

const DECIMAL = /^DECIMAL\((\d+),(\d+)\)$/;

const isWider = (before: string, after: string): boolean => {
  if (WIDER[before]?.includes(after) === true) return true;
  const [old, now] = [DECIMAL.exec(before), DECIMAL.exec(after)];
  if (old === null || now === null) return false;
  return Number(now[1]) >= Number(old[1]) && now[2] === old[2];
};

const dropped = (model: string, { name, type }: OutputColumn): BreakingFinding => ({
  change: { kind: "column_dropped", model, column: name, data_type: displayType(type) },
  severity: "breaking",
});

const added = (model: string, { name, type, nullable }: OutputColumn): BreakingFinding => ({
  change: { kind: "column_added", model, column: name, data_type: displayType(type), nullable },
  severity: "info",
});

const retyped = (model: string, old: OutputColumn, now: OutputColumn): readonly BreakingFinding[] => {
  const [before, after] = [displayType(old.type), displayType(now.type)];
  if (before === after || before === UNKNOWN || after === UNKNOWN) return [];
  const widened = isWider(before, after);
  return [
    {
      change: {
        kind: "column_type_changed",
        model,
        column: now.name,
        old_type: before,
        new_type: after,
        narrowing: !widened && after !== "STRING",
      },
      severity: widened ? "warning" : "breaking",
    },
  ];
};

const columnFindings = (old: CompiledModel, now: CompiledModel): readonly BreakingFinding[] => {
  const model = now.name;
  const before = new Map(old.columns.map((column) => [column.name, column]));
  const after = new Map(now.columns.map((column) => [column.name, column]));
  // A star that nobody could expand may still bring the column.
  const gone = now.columnsComplete ? old.columns.filter(({ name }) => !after.has(name)) : [];
  const fresh = old.columnsComplete ? now.columns.filter(({ name }) => !before.has(name)) : [];
  const sameNames = gone.length === 0 && fresh.length === 0;
  const places = new Map(old.columns.map(({ name }, index) => [name, index]));
  const moved = now.columns.flatMap((column, index): readonly BreakingFinding[] => {
    const was = places.get(column.name);
    if (!sameNames || was === undefined || was === index) return [];
    const change = { kind: "column_reordered" as const, model, column: column.name };
    return [{ change: { ...change, old_index: was, new_index: index }, severity: "warning" }];
  });
  return [
    ...gone.map((column) => dropped(model, column)),
    ...fresh.map((column) => added(model, column)),
    ...now.columns.flatMap((column) => {
      const was = before.get(column.name);
      return was === undefined ? [] : retyped(model, was, column);
    }),
    ...moved,
  ];
};

const settingFindings = (old: CompiledModel, now: CompiledModel): readonly BreakingFinding[] => {
  const target = ({ model }: CompiledModel): string =>
    [model.target.catalog, model.target.schema, model.target.table].join(".");
  const findings: BreakingFinding[] = [];
  if (target(old) !== target(now))
    findings.push({
      change: { kind: "target_renamed", model: now.name, old: target(old), new: target(now) },
      severity: "breaking",
    });
  const [before, after] = [old.model.strategy.type, now.model.strategy.type];
  if (before !== after)
    findings.push({
      change: {
        kind: "materialization_strategy_changed",
        model: now.name,
        old_strategy: before,
        new_strategy: after,
      },
      severity: "warning",
    });
  return findings;
};

/** What changed for readers between two states of a project, model by model. */
export const breakingFindings = (
  base: CompiledProject | undefined,
  head: CompiledProject,
): readonly BreakingFinding[] => {
  const names = [...new Set([...(base?.models.keys() ?? []), ...head.models.keys()])].toSorted();
  return names.flatMap((model): readonly BreakingFinding[] => {
    const [old, now] = [base?.models.get(model), head.models.get(model)];
    if (old === undefined) return [{ change: { kind: "model_added", model }, severity: "info" }];
    if (now === undefined) return [{ change: { kind: "model_removed", model }, severity: "breaking" }];
    return [...columnFindings(old, now), ...settingFindings(old, now)];
  });
};

/** One line for people. */
export const describeFinding = ({ change }: BreakingFinding): string => {
  const what = change.kind.replaceAll("_", " ");
  return `${what}: ${"column" in change ? `${change.model}.${change.column}` : change.model}`;
};
