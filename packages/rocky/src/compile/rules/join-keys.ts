import type { QueryNode } from "../../sql/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { contractName, isUnknown } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { commonType, sameType } from "../supertype.ts";
import { diagnostic, fileSpan, type Rule, type RuleContext } from "./rule.ts";

/** E001 and W001: columns of one name in two models that are read together should have one type. */
export const joinKeyTypes: Rule = (context) =>
  [...context.models].flatMap(([name, model]) => {
    const upstream = upstreamModels(name, model, context);
    if (upstream.length < 2) return [];
    const found: Diagnostic[] = [];
    upstream.forEach(([leftName, left], index) => {
      for (const [rightName, right] of upstream.slice(index + 1)) {
        found.push(
          ...compareColumns(name, model, { name: leftName, model: left }, { name: rightName, model: right }),
        );
      }
    });
    return found;
  });

/** Declared ones and those in the outermost FROM; what only CTEs read is not joined here. */
const upstreamModels = (
  name: string,
  model: SemanticModel,
  context: RuleContext,
): readonly (readonly [string, SemanticModel])[] => {
  const { query } = model.prepared.facts;
  const arms: readonly QueryNode[] = query.kind === "set" ? [] : [query];
  const read = arms.flatMap((arm) => arm.sources.map((source) => source.table));
  const { dependsOn } = model.prepared.model;
  if (dependsOn.length + read.length < 2) return [];
  const names = new Set([...dependsOn, ...read]);
  names.delete(name);
  return [...names].sort().flatMap((other) => {
    const upstream = context.models.get(other);
    return upstream === undefined ? [] : [[other, upstream] as const];
  });
};

interface Side {
  readonly name: string;
  readonly model: SemanticModel;
}

const compareColumns = (
  name: string,
  model: SemanticModel,
  left: Side,
  right: Side,
): readonly Diagnostic[] => {
  const found: Diagnostic[] = [];
  for (const column of [...left.model.columns].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )) {
    const other = right.model.table.find(column.name);
    if (other === undefined || other.name !== column.name) continue;
    if (isUnknown(column.type) || isUnknown(other.type) || sameType(column.type, other.type)) continue;
    const types = `${contractName(column.type)} in '${left.name}' and ${contractName(other.type)} in '${right.name}'`;
    const compatible = commonType(column.type, other.type) !== undefined;
    const message = compatible
      ? `column '${column.name}' is converted without saying so: ${types}`
      : `column '${column.name}' has types that do not go together: ${types}`;
    const suggestion = `CAST '${column.name}' to one type in both models`;
    const span = fileSpan(model);
    found.push(
      diagnostic(compatible ? "Warning" : "Error", compatible ? "W001" : "E001", name, {
        message,
        suggestion,
        span,
      }),
    );
  }
  return found;
};
