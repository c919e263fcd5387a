import { byText } from "../../graph/layers.ts";
import type { QueryNode } from "../../sql/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { contractName, displayType, isUnknown, type RockyType } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { commonType } from "../supertype.ts";
import { diagnostic, fileSpan, type ModelRule, type RuleContext } from "./rule.ts";

/** E001 and W001: columns of one name in two models that are read together should have one type. */
export const joinKeyTypes: ModelRule = (model, name, context) => {
  const upstream = upstreamModels(name, model, context);
  if (upstream.length < 2) return [];
  const byColumn = new Map<string, TypedBy[]>();
  for (const other of upstream) {
    for (const { name: column, type } of context.upstream(other)?.table.columns ?? []) {
      if (isUnknown(type)) continue;
      const known = byColumn.get(column);
      if (known === undefined) byColumn.set(column, [{ model: other, type }]);
      else known.push({ model: other, type });
    }
  }
  return [...byColumn.keys()]
    .sort(byText)
    .flatMap((column) =>
      mismatches(byColumn.get(column) ?? []).map((pair) => finding(model, name, column, pair)),
    );
};

interface TypedBy {
  readonly model: string;
  readonly type: RockyType;
}

/** Declared models and those in the outermost FROM, sorted; what only CTEs read is not joined here. */
const upstreamModels = (name: string, model: SemanticModel, context: RuleContext): readonly string[] => {
  const { query } = model.prepared.facts;
  const arms: readonly QueryNode[] = query.kind === "set" ? [] : [query];
  const read = arms.flatMap((arm) => arm.sources.map((source) => source.table));
  const { dependsOn } = model.prepared.model;
  if (dependsOn.length + read.length < 2) return [];
  const names = new Set([...dependsOn, ...read]);
  names.delete(name);
  return [...names].filter((other) => context.upstream(other) !== undefined).sort(byText);
};

type Pair = readonly [TypedBy, TypedBy];

/** Of a thousand models read together half a million pairs may differ; so many tell nothing more than a few. */
const MOST_PAIRS = 20;

/** Pairs whose types differ, those of the first models first. */
const mismatches = (typed: readonly TypedBy[]): readonly Pair[] => {
  const byType = new Map<string, TypedBy[]>();
  for (const one of typed) {
    const key = displayType(one.type);
    const known = byType.get(key);
    if (known === undefined) byType.set(key, [one]);
    else known.push(one);
  }
  if (byType.size < 2) return [];
  const pairs: Pair[] = [];
  for (const left of typed) {
    for (const [type, others] of byType) {
      if (type === displayType(left.type)) continue;
      for (const right of others) {
        if (right.model <= left.model) continue;
        pairs.push([left, right]);
        if (pairs.length === MOST_PAIRS) return pairs;
      }
    }
  }
  return pairs;
};

const finding = (model: SemanticModel, name: string, column: string, [left, right]: Pair): Diagnostic => {
  const types = `${contractName(left.type)} in '${left.model}' and ${contractName(right.type)} in '${right.model}'`;
  const compatible = commonType(left.type, right.type) !== undefined;
  const message = compatible
    ? `column '${column}' is converted without saying so: ${types}`
    : `column '${column}' has types that do not go together: ${types}`;
  const suggestion = `CAST '${column}' to one type in both models`;
  return diagnostic(compatible ? "Warning" : "Error", compatible ? "W001" : "E001", name, {
    message,
    suggestion,
    span: fileSpan(model),
  });
};
