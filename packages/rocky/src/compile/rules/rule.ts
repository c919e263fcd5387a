import type { RockyConfig } from "../../config/index.ts";
import type { Contract, ModelTarget } from "../../models/index.ts";
import { lineMap } from "../../sql/index.ts";
import type { Diagnostic, Severity, SourceSpan } from "../diagnostic.ts";
import type { LoadedImport } from "../imports.ts";
import type { PortabilityDialect } from "../portability/constructs.ts";
import type { SemanticModel, Surface } from "../semantic-model.ts";

export interface AttachedContract {
  readonly contract: Contract;
  /** `auto` when it lies beside the model, `explicit` when it comes from `--contracts`. */
  readonly origin: "auto" | "explicit";
}

/** What a rule about one model may look at besides the model. */
export interface RuleContext {
  /** What another model shows to its readers; undefined for tables that are no models. */
  readonly upstream: (name: string) => Surface | undefined;
  readonly contracts: ReadonlyMap<string, AttachedContract>;
  readonly config?: Pick<RockyConfig, "mask" | "allowUnmasked" | "freshness">;
  readonly portability?: Portability;
  readonly imports?: readonly LoadedImport[];
}

/** The warehouse that the SQL has to suit, and the constructs that are allowed all the same. */
export interface Portability {
  readonly dialect: PortabilityDialect;
  readonly allow: readonly string[];
}

/** Looks at one model and at what its upstream models show; nothing else may change what it says. */
export type ModelRule = (model: SemanticModel, name: string, context: RuleContext) => readonly Diagnostic[];

/** The little of a model that is compared with other models. */
export interface ModelSummary {
  readonly file: string;
  readonly target: ModelTarget;
  readonly ephemeral: boolean;
  readonly starReads: readonly StarRead[];
}

/** A model with a star, and the columns of it that a reader names. */
export interface StarRead {
  readonly star: string;
  readonly columns: readonly string[];
}

/** Compares all models with each other; models in layer order. */
export type ProjectRule = (
  models: ReadonlyMap<string, ModelSummary>,
  context: Pick<RuleContext, "contracts" | "imports">,
) => readonly Diagnostic[];

export interface Finding {
  readonly message: string;
  readonly suggestion?: string;
  readonly span?: SourceSpan;
}

export const diagnostic = (
  severity: Severity,
  code: string,
  model: string,
  finding: Finding,
): Diagnostic => ({
  severity,
  code,
  message: finding.message,
  model,
  span: finding.span ?? null,
  suggestion: finding.suggestion ?? null,
});

export const startOf = (file: string): SourceSpan => ({ file, line: 1, col: 1 });

/** The start of the model's file: for findings about the query as a whole. */
export const fileSpan = (model: SemanticModel): SourceSpan => startOf(model.prepared.model.file);

const spanFinder = (model: SemanticModel): ((column: string) => SourceSpan) => {
  const { sql, model: own } = model.prepared;
  const lines = lineMap(sql);
  const offsets = new Map([...model.columns].reverse().map(({ name, at }) => [name, at]));
  return (column) => {
    const at = offsets.get(column) ?? -1;
    if (at < 0) return fileSpan(model);
    const { line, column: col } = lines.positionOf(at);
    return { file: own.file, line: line + own.sqlLineOffset, col };
  };
};

// A contract may have something to say about each of thousands of columns.
const spanFinders = new WeakMap<SemanticModel, (column: string) => SourceSpan>();

/** Where a column is put out, or the start of the file for one that comes from a star. */
export const columnSpan = (model: SemanticModel, column: string): SourceSpan => {
  const find = spanFinders.get(model) ?? spanFinder(model);
  spanFinders.set(model, find);
  return find(column);
};

export const columnNames = (model: SemanticModel): string =>
  model.columns.map((column) => column.name).join(", ");

/** True when the query lists every column by name, so that a missing one is really missing. */
export const listsAllColumns = (model: SemanticModel): boolean => model.complete && !model.hasStar;
