import type { QueryNode } from "../../sql/index.ts";
import { isUnknown } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import {
  diagnostic,
  fileSpan,
  type ModelRule,
  type ProjectRule,
  type RuleContext,
  type StarRead,
  startOf,
} from "./rule.ts";

/** I001, or W002 when a star reaches a model whose own columns are not known. */
export const starUse: ModelRule = (model, name, context) => {
  if (!model.hasStar) return [];
  const span = fileSpan(model);
  const opaque = opaqueUpstream(model, context);
  if (opaque === undefined)
    return [
      diagnostic("Info", "I001", name, { message: "* takes over whatever columns the source has", span }),
    ];
  const message = `* reads model '${opaque}', whose columns are not known`;
  const suggestion = `list the columns in '${opaque}', or compile with the source's columns (--with-seed)`;
  return [diagnostic("Warning", "W002", name, { message, suggestion, span })];
};

const opaqueUpstream = (model: SemanticModel, context: RuleContext): string | undefined => {
  const { query } = model.prepared.facts;
  const arms: readonly QueryNode[] = query.kind === "set" ? query.arms : [query];
  for (const source of arms.flatMap((arm) => arm.sources)) {
    const upstream = source.cte === null ? context.upstream(source.table) : undefined;
    if (upstream !== undefined && !upstream.hasColumns) return source.table;
  }
  return undefined;
};

/** I002: some columns are typed, so the others are worth a look. */
export const untypedColumns: ModelRule = (model, name) => {
  const unknown = model.columns.filter((column) => isUnknown(column.type));
  if (unknown.length === 0 || unknown.length === model.columns.length) return [];
  const names = unknown.map((column) => column.name).join(", ");
  const message = `the type of ${unknown.length} of ${model.columns.length} columns is not known: ${names}`;
  return [diagnostic("Info", "I002", name, { message, span: fileSpan(model) })];
};

/** Columns that a model names of others which do not say which they have. */
export const starReads = (
  model: SemanticModel,
  name: string,
  { upstream }: Pick<RuleContext, "upstream">,
): readonly StarRead[] => {
  if (model.hasStar) return [];
  const reads = new Map<string, Set<string>>();
  for (const { source } of model.edges) {
    if (source.model === name || upstream(source.model)?.hasStar !== true) continue;
    const columns = reads.get(source.model) ?? new Set<string>();
    reads.set(source.model, columns.add(source.column));
  }
  return [...reads].map(([star, columns]) => ({ star, columns: [...columns].sort() }));
};

/** P002: readers name columns of a model that does not say which it has. */
export const starWithReaders: ProjectRule = (models) => {
  const readers = new Map<string, string[]>();
  for (const [name, model] of models) {
    for (const { star, columns } of model.starReads) {
      const list = readers.get(star) ?? [];
      readers.set(star, list);
      list.push(`${name} (${columns.join(", ")})`);
    }
  }
  return [...readers].map(([star, list]) => {
    const message = `${list.length} model(s) read named columns of this *: ${list.sort().join("; ")}`;
    const suggestion =
      "name the columns here, so that a change of the source is seen before its readers break";
    const file = models.get(star)?.file;
    return diagnostic("Warning", "P002", star, {
      message,
      suggestion,
      ...(file === undefined ? {} : { span: startOf(file) }),
    });
  });
};
