// Reading the parser's untyped tree. Structs come as objects, enum variants as `{ Variant: payload }` or a bare
// string, and maps of the parser's binding as `Map`.

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);

export const child = (value: unknown, key: string): unknown => {
  if (value instanceof Map) return value.get(key);
  return isTree(value) ? value[key] : undefined;
};

export const items = (value: unknown, key: string): readonly unknown[] => {
  const found = child(value, key);
  return Array.isArray(found) ? found : [];
};

export const text = (value: unknown, key: string): string | undefined => {
  const found = child(value, key);
  return typeof found === "string" ? found : undefined;
};

/** The variant's name and payload; a bare string is a variant without payload. */
export const variant = (value: unknown): readonly [string, unknown] | undefined => {
  if (typeof value === "string") return [value, undefined];
  if (value instanceof Map) {
    const [first] = value.entries();
    return first === undefined || typeof first[0] !== "string" ? undefined : [first[0], first[1]];
  }
  if (!isTree(value)) return undefined;
  for (const key of Object.keys(value)) return [key, value[key]];
  return undefined;
};

export interface Corner {
  readonly line: number;
  readonly column: number;
}

const corner = (value: unknown): Corner | undefined => {
  const line = child(value, "line");
  const column = child(value, "column");
  // Line 0 is how the parser marks tokens that it made up.
  return typeof line === "number" && typeof column === "number" && line > 0 ? { line, column } : undefined;
};

export interface Span {
  readonly start: Corner;
  readonly end: Corner;
}

export const spanOf = (value: unknown): Span | undefined => {
  const found = child(value, "span");
  const start = corner(child(found, "start"));
  const end = corner(child(found, "end"));
  return start === undefined || end === undefined ? undefined : { start, end };
};

/** The identifiers of a possibly qualified name; undefined when a part is computed. */
export const nameParts = (value: unknown): readonly Tree[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const parts: Tree[] = [];
  for (const part of value) {
    const identifier = child(part, "Identifier");
    if (!isTree(identifier)) return undefined;
    parts.push(identifier);
  }
  return parts;
};

export const identifierText = (identifier: unknown): string => text(identifier, "value") ?? "";

/** A subquery, CTE body or statement body, as opposed to an expression or table. */
export const isQuery = (value: unknown): boolean =>
  isTree(value) && "body" in value && ("locks" in value || "pipe_operators" in value);
