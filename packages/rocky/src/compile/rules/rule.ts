import type { RockyConfig } from "../../config/index.ts";
import type { Contract } from "../../models/index.ts";
import { lineMap } from "../../sql/index.ts";
import type { ModelGraph } from "../dependencies.ts";
import type { Diagnostic, Severity, SourceSpan } from "../diagnostic.ts";
import type { LoadedImport } from "../imports.ts";
import type { PortabilityDialect } from "../portability/constructs.ts";
import type { SemanticModel } from "../semantic-model.ts";

export interface AttachedContract {
  readonly contract: Contract;
  /** `auto` when it lies beside the model, `explicit` when it comes from `--contracts`. */
  readonly origin: "auto" | "explicit";
}

/** What the rules may look at. Models in layer order, names sorted inside a layer. */
export interface RuleContext {
  readonly models: ReadonlyMap<string, SemanticModel>;
  readonly graph: ModelGraph;
  readonly contracts: readonly AttachedContract[];
  readonly config?: Pick<RockyConfig, "mask" | "allowUnmasked" | "freshness">;
  readonly portability?: Portability;
  readonly imports?: readonly LoadedImport[];
}

/** The warehouse that the SQL has to suit, and the constructs that are allowed all the same. */
export interface Portability {
  readonly dialect: PortabilityDialect;
  readonly allow: readonly string[];
}

export type Rule = (context: RuleContext) => readonly Diagnostic[];

/** A rule that needs nothing but one model. */
export const perModel =
  (check: (model: SemanticModel, name: string) => readonly Diagnostic[]): Rule =>
  (context) =>
    [...context.models].flatMap(([name, model]) => check(model, name));

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

/** The start of the model's file: for findings about the query as a whole. */
export const fileSpan = (model: SemanticModel): SourceSpan => ({
  file: model.prepared.model.file,
  line: 1,
  col: 1,
});

/** Where a column is put out, or the start of the file for one that comes from a star. */
export const columnSpan = (model: SemanticModel, column: string): SourceSpan => {
  const at = model.columns.find((candidate) => candidate.name === column)?.at ?? -1;
  if (at < 0) return fileSpan(model);
  const { line, column: col } = lineMap(model.prepared.sql).positionOf(at);
  const { file, sqlLineOffset } = model.prepared.model;
  return { file, line: line + sqlLineOffset, col };
};

export const columnNames = (model: SemanticModel): string =>
  model.columns.map((column) => column.name).join(", ");

/** True when the query lists every column by name, so that a missing one is really missing. */
export const listsAllColumns = (model: SemanticModel): boolean => model.complete && !model.hasStar;
