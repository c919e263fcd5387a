import type { QueryNode } from "../../sql/index.ts";
import { isUnknown } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { diagnostic, fileSpan, perModel, type Rule, type RuleContext } from "./rule.ts";

/** I001, or W002 when a star reaches a model whose own columns are not known. */
export const starUse: Rule = (context) =>
  [...context.models].flatMap(([name, model]) => {
    if (!model.hasStar) return [];
    const span = fileSpan(model);
    const opaque = opaqueUpstream(model, context);
    if (opaque !== undefined) {
      const message = `* reads model '${opaque}', whose columns are not known`;
      const suggestion = `list the columns in '${opaque}', or compile with the source's columns (--with-seed)`;
      return [diagnostic("Warning", "W002", name, { message, suggestion, span })];
    }
    return [
      diagnostic("Info", "I001", name, { message: "* takes over whatever columns the source has", span }),
    ];
  });

const opaqueUpstream = (model: SemanticModel, context: RuleContext): string | undefined => {
  const { query } = model.prepared.facts;
  const arms: readonly QueryNode[] = query.kind === "set" ? query.arms : [query];
  for (const source of arms.flatMap((arm) => arm.sources)) {
    const upstream = source.cte === null ? context.models.get(source.table) : undefined;
    if (upstream !== undefined && upstream.columns.length === 0) return source.table;
  }
  return undefined;
};

/** I002: some columns are typed, so the others are worth a look. */
export const untypedColumns: Rule = perModel((model, name) => {
  const unknown = model.columns.filter((column) => isUnknown(column.type));
  if (unknown.length === 0 || unknown.length === model.columns.length) return [];
  const names = unknown.map((column) => column.name).join(", ");
  const message = `the type of ${unknown.length} of ${model.columns.length} columns is not known: ${names}`;
  return [diagnostic("Info", "I002", name, { message, span: fileSpan(model) })];
});

/** P002: readers name columns of a model that does not say which it has. */
export const starWithReaders: Rule = (context) => {
  const readers = new Map<string, Map<string, Set<string>>>();
  for (const [name, model] of context.models) {
    if (model.hasStar) continue;
    for (const { source } of model.edges) {
      if (context.models.get(source.model)?.hasStar !== true || source.model === name) continue;
      const byReader = readers.get(source.model) ?? new Map<string, Set<string>>();
      readers.set(source.model, byReader);
      const columns = byReader.get(name) ?? new Set<string>();
      byReader.set(name, columns.add(source.column));
    }
  }
  return [...readers].map(([star, byReader]) => {
    const list = [...byReader]
      .map(([reader, columns]) => `${reader} (${[...columns].sort().join(", ")})`)
      .sort();
    const message = `${list.length} model(s) read named columns of this *: ${list.join("; ")}`;
    const suggestion =
      "name the columns here, so that a change of the source is seen before its readers break";
    return diagnostic("Warning", "P002", star, { message, suggestion });
  });
};
