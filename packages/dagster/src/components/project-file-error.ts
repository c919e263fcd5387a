/** Where something stands in a file; both numbers start at 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export const positionText = (position: SourcePosition): string =>
  `${position.file}:${position.line}:${position.column}`;

/** A problem in a project file. The message begins with `file:line:column`. */
export class ProjectFileError extends Error {
  override readonly name = "ProjectFileError";

  constructor(position: SourcePosition, message: string, cause?: unknown) {
    super(`${positionText(position)}: ${message}`, cause === undefined ? undefined : { cause });
  }
}
