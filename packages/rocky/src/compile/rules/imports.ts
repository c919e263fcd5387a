import type { Diagnostic } from "../diagnostic.ts";
import type { ImportedColumn, LoadedImport, Snapshot, SnapshotReading } from "../imports.ts";
import type { RockyType } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { commonType, sameType } from "../supertype.ts";
import { fromWarehouseType } from "../warehouse-type.ts";
import { columnSpan, diagnostic, fileSpan, type ModelRule, type ProjectRule } from "./rule.ts";

const typeOf = (text: string | undefined): RockyType => fromWarehouseType(text ?? "?");

const fileFindings = ({ name, pin, current, baseline }: LoadedImport): readonly Diagnostic[] => {
  const problems = [current, baseline].flatMap((reading: SnapshotReading | undefined) => {
    if (reading === undefined || reading.kind === "read") return [];
    const message = `the snapshot '${reading.file}' of import '${name}' cannot be read: ${reading.reason}`;
    return reading.kind === "too_new"
      ? [diagnostic("Error", "E034", name, { message, suggestion: "upgrade this package" })]
      : [
          diagnostic("Warning", "W012", name, {
            message,
            suggestion: "put there what `rocky catalog --out DIR` of the other project writes",
          }),
        ];
  });
  if (pin === undefined || current.kind !== "read" || pin === current.snapshot.hash) return problems;
  const message = `import '${name}' is pinned to '${pin}', and its snapshot is '${current.snapshot.hash}'`;
  return [
    ...problems,
    diagnostic("Error", "E033", name, {
      message,
      suggestion: "look at what has changed, then set pin to the new hash",
    }),
  ];
};

const columnsByName = (columns: readonly ImportedColumn[] | undefined): ReadonlyMap<string, ImportedColumn> =>
  new Map((columns ?? []).map((column) => [column.name.toLowerCase(), column]));

interface Comparison {
  readonly table: string;
  readonly before: ReadonlyMap<string, ImportedColumn>;
  readonly now: ReadonlyMap<string, ImportedColumn>;
}

const columnFindings = (
  name: string,
  model: SemanticModel,
  { table, before, now }: Comparison,
  read: string,
  target: string,
): readonly Diagnostic[] => {
  const old = before.get(read.toLowerCase());
  if (old === undefined) return [];
  const current = now.get(read.toLowerCase());
  const span = columnSpan(model, target);
  const what = `column '${read}' of '${table}', which this model reads,`;
  if (current === undefined) {
    const message = `${what} is no longer there`;
    return [diagnostic("Error", "E030", name, { message, suggestion: "read another column", span })];
  }
  const found: Diagnostic[] = [];
  const [oldType, newType] = [typeOf(old.type), typeOf(current.type)];
  if (!sameType(oldType, newType)) {
    const common = commonType(oldType, newType);
    const widened = common !== undefined && (sameType(common, newType) || common.kind === "Unknown");
    const message = `${what} was ${old.type ?? "?"} and is now ${current.type ?? "?"}`;
    found.push(
      widened
        ? diagnostic("Warning", "W031", name, { message, span })
        : diagnostic("Error", "E031", name, {
            message,
            suggestion: "CAST it, or ask for the old type back",
            span,
          }),
    );
  }
  if (old.nullable && !current.nullable) {
    const message = `${what} could be NULL and no longer can`;
    const suggestion = "look at what NULL meant here, then accept the new snapshot as baseline";
    found.push(diagnostic("Error", "E032", name, { message, suggestion, span }));
  }
  return found;
};

const modelFindings = (
  name: string,
  model: SemanticModel,
  before: Snapshot,
  now: Snapshot,
): readonly Diagnostic[] => {
  const comparisons = new Map<string, Comparison>();
  const compare = (written: string): Comparison | undefined => {
    const table = before.fullName(written);
    if (table === undefined) return undefined;
    const known = comparisons.get(table);
    if (known !== undefined) return known;
    const made = {
      table,
      before: columnsByName(before.tables.get(table)),
      now: columnsByName(now.tables.get(table)),
    };
    comparisons.set(table, made);
    return made;
  };
  const read = model.edges.flatMap(({ source, target }) => {
    const comparison = compare(source.model);
    return comparison === undefined
      ? []
      : columnFindings(name, model, comparison, source.column, target.column);
  });
  if (!model.hasStar) return read;
  const added = model.prepared.facts.references.flatMap(({ parts, outer }) => {
    const comparison = outer ? compare(parts.join(".")) : undefined;
    if (comparison === undefined) return [];
    return [...comparison.now.keys()]
      .filter((column) => !comparison.before.has(column))
      .map((column) => {
        const message = `'${comparison.table}' has the new column '${column}', which the star of this model takes in`;
        return diagnostic("Info", "W030", name, { message, span: fileSpan(model) });
      });
  });
  return [...read, ...added];
};

/** E030 to E032, W030, W031: what other projects publish, against what this model reads of it. */
export const importedColumns: ModelRule = (model, name, { imports }) =>
  (imports ?? []).flatMap(({ current, baseline }) => {
    if (current.kind !== "read" || baseline?.kind !== "read") return [];
    const [before, now] = [baseline.snapshot, current.snapshot];
    return before.hash === now.hash ? [] : modelFindings(name, model, before, now);
  });

/** E033, E034 and W012: about the files themselves. */
export const importedFiles: ProjectRule = (_models, { imports }) => (imports ?? []).flatMap(fileFindings);
