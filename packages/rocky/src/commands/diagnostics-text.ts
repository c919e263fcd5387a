import type { Diagnostic, Severity } from "../compile/index.ts";
import type { Files } from "../ports.ts";

const ORDER: Readonly<Record<Severity, number>> = { Error: 0, Warning: 1, Info: 2 };

/** Diagnostics for people: worst first, each with its place, the line it points at and what to do. */
export const diagnosticsText = (
  diagnostics: readonly Diagnostic[],
  files: Files,
  summary: string,
): string => {
  const sorted = [...diagnostics].sort((left, right) => ORDER[left.severity] - ORDER[right.severity]);
  const blocks = sorted.map((found) => {
    const { span } = found;
    const lines = [`${found.severity.toLowerCase()}[${found.code}] ${found.model}: ${found.message}`];
    if (span !== null) lines.push(`  --> ${span.file}:${span.line}:${span.col}`, ...snippet(span, files));
    if (found.suggestion !== null) lines.push(`  help: ${found.suggestion}`);
    return lines.join("\n");
  });
  return `${[...blocks, `${summary}: ${counts(diagnostics)}`].join("\n\n")}\n`;
};

const snippet = (span: NonNullable<Diagnostic["span"]>, files: Files): readonly string[] => {
  const line = files.read(span.file)?.split("\n")[span.line - 1];
  if (line === undefined || line.trim() === "") return [];
  const gutter = String(span.line);
  const pointer = `${" ".repeat(Math.max(0, span.col - 1))}^`;
  return [`${gutter} | ${line}`, `${" ".repeat(gutter.length)} | ${pointer}`];
};

const counts = (diagnostics: readonly Diagnostic[]): string => {
  const count = (severity: Severity): number =>
    diagnostics.filter((found) => found.severity === severity).length;
  return `${count("Error")} errors, ${count("Warning")} warnings, ${count("Info")} notes`;
};
