import { type CompiledModel, type CompiledProject, compileProject, contractName } from "../compile/index.ts";
import { type ColumnRef, consumersOf, type LineageGraph, lineageGraph } from "../lineage/index.ts";
import { projectAtRef } from "../plan/project-at-ref.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { DEFAULT_MODELS, projectFlags, projectOptions } from "./project-options.ts";

export const lineageDiff = defineCommand({
  name: "lineage-diff",
  summary: "Say which columns changed since a git reference and who reads them",
  flags: { ...projectFlags },
  positionals: [
    { name: "base-ref", help: "branch, tag or commit to compare with (default: main)", optional: true },
  ],
  run: async ({ flags, positionals }, context) => {
    const baseRef = positionals["base-ref"] ?? "main";
    const directory = flags.models ?? DEFAULT_MODELS;
    const options = await projectOptions(context, { models: flags.models });
    const head = await compileProject(options);
    // Both are looked at with the same sources, or the difference would be one between two caches.
    const base = await projectAtRef(context, baseRef, directory, { sources: options.sources });
    const results = compareProjects(base, head);
    const changed = results.filter((result) => result.status !== "unchanged");
    const count = (status: Status): number => results.filter((result) => result.status === status).length;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "lineage-diff",
        base_ref: baseRef,
        head_ref: "HEAD",
        summary: {
          total_models: results.length,
          unchanged: count("unchanged"),
          modified: count("modified"),
          added: count("added"),
          removed: count("removed"),
        },
        results: changed,
        markdown: markdown(baseRef, changed),
      },
    };
  },
});

type Status = "unchanged" | "modified" | "added" | "removed";

interface ColumnChange {
  readonly column_name: string;
  readonly change_type: "added" | "removed" | "type_changed";
  readonly old_type?: string;
  readonly new_type?: string;
  readonly downstream_consumers?: readonly ColumnRef[];
}

interface ModelDiff {
  readonly model_name: string;
  readonly status: Status;
  readonly column_changes: readonly ColumnChange[];
}

/** The models whose text or place changed; the others are no part of the comparison. */
const compareProjects = (base: CompiledProject | undefined, head: CompiledProject): readonly ModelDiff[] => {
  const graph = lineageGraph(head.lineage);
  const names = new Set([...(base?.models.keys() ?? []), ...head.models.keys()]);
  return [...names].sort().flatMap((name): readonly ModelDiff[] => {
    const before = base?.models.get(name);
    const after = head.models.get(name);
    const changes = columnChanges(name, before, after, graph);
    if (changes.length === 0 && !isRewritten(before, after)) return [];
    const status =
      before === undefined
        ? "added"
        : after === undefined
          ? "removed"
          : changes.length > 0
            ? "modified"
            : "unchanged";
    return [{ model_name: name, status, column_changes: changes }];
  });
};

const isRewritten = (before: CompiledModel | undefined, after: CompiledModel | undefined): boolean =>
  before === undefined || after === undefined || before.query !== after.query;

const columnTypes = (model: CompiledModel | undefined): ReadonlyMap<string, string> =>
  new Map((model?.columns ?? []).map((column) => [column.name, contractName(column.type)]));

/** What is new or of another type in the order of the model, then what is gone in the order it had. */
const columnChanges = (
  model: string,
  before: CompiledModel | undefined,
  after: CompiledModel | undefined,
  graph: LineageGraph,
): readonly ColumnChange[] => {
  const old = columnTypes(before);
  const now = columnTypes(after);
  const present = [...now].flatMap(([column, newType]): readonly ColumnChange[] => {
    const oldType = old.get(column);
    if (oldType === newType) return [];
    const consumers = consumersOf(graph, { model, column });
    return [
      {
        column_name: column,
        change_type: oldType === undefined ? "added" : "type_changed",
        ...(oldType === undefined ? {} : { old_type: oldType }),
        new_type: newType,
        ...(consumers.length === 0 ? {} : { downstream_consumers: consumers }),
      },
    ];
  });
  const gone = [...old]
    .filter(([column]) => !now.has(column))
    .map(
      ([column, oldType]): ColumnChange => ({
        column_name: column,
        change_type: "removed",
        old_type: oldType,
      }),
    );
  return [...present, ...gone];
};

/** A comment for a pull request. */
const markdown = (baseRef: string, changed: readonly ModelDiff[]): string => {
  if (changed.length === 0) return `### Column changes since \`${baseRef}\`\n\nNo column changed.\n`;
  const rows = changed.flatMap(({ model_name: model, status, column_changes: changes }) =>
    changes.length === 0
      ? [`| \`${model}\` (${status}) | | | |`]
      : changes.map((change) => {
          const type = [change.old_type, change.new_type].filter((text) => text !== undefined).join(" → ");
          const readers = (change.downstream_consumers ?? []).map(
            (reader) => `\`${reader.model}.${reader.column}\``,
          );
          return `| \`${model}\` (${status}) | \`${change.column_name}\` ${change.change_type} | ${type} | ${readers.join(", ")} |`;
        }),
  );
  return [
    `### Column changes since \`${baseRef}\``,
    "",
    "| model | column | type | read by |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
};
