export type Severity = "Error" | "Warning" | "Info";

export interface SourceSpan {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly col: number;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable code such as `E011`. */
  readonly code: string;
  readonly message: string;
  readonly model: string;
  readonly span: SourceSpan | null;
  readonly suggestion: string | null;
}

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "Error";
