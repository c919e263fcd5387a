import { type Document, isMap, isNode, isPair, LineCounter, parseAllDocuments } from "yaml";
import { ProjectFileError, type SourcePosition } from "./project-file-error.ts";
import { pyYamlScalars } from "./yaml-scalars.ts";

export type YamlPath = readonly (string | number)[];

/** One document of a YAML file. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Position of the value at `path`, or of its nearest existing parent. */
  at(path?: YamlPath): SourcePosition;
  /** Position of the key itself, for errors about the key. */
  atKey(path: YamlPath): SourcePosition;
}

/** An entity bomb needs many references to few anchors; hand-written files have a handful. */
const MAX_ALIASES = 100;

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const nearest = (document: Document.Parsed, path: YamlPath): number => {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document.getIn(path.slice(0, length), true));
    if (offset !== undefined) return offset;
  }
  return offsetOf(document.contents) ?? document.range[0];
};

const keyOffset = (document: Document.Parsed, path: YamlPath): number => {
  const last = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(last));
    const offset = pair && offsetOf(pair.key);
    if (offset !== undefined) return offset;
  }
  return nearest(document, path);
};

const describeDocument = (document: Document.Parsed, file: string, lines: LineCounter): YamlDocument => {
  const position = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = document.errors;
  if (error !== undefined)
    throw new ProjectFileError(position(error.pos[0]), error.message.split("\n")[0] ?? "");
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectFileError(position(document.range[0]), message, cause);
  }
  return {
    file,
    value,
    at: (path = []) => position(nearest(document, path)),
    atKey: (path) => position(keyOffset(document, path)),
  };
};

/** Reads a YAML text that may hold several documents; empty ones are left out. */
export const parseYamlFile = (text: string, file: string): readonly YamlDocument[] => {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    customTags: [...pyYamlScalars],
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents
    .map((document) => describeDocument(document, file, lines))
    .filter((document) => document.value !== null && document.value !== undefined);
};
