// smol-toml reports no positions of keys. They are needed only when there is something to complain about, so
// this rough scanner runs only then: it knows table headers, `key = value` lines and inline tables.

const unquote = (part: string): string => part.trim().replace(/^["']|["']$/g, "");

const splitKey = (dotted: string): string[] => (dotted.match(/"[^"]*"|'[^']*'|[^.]+/g) ?? []).map(unquote);

const HEADER = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/;
const ASSIGNMENT =
  /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/;

interface Seen {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const collect = (source: string): readonly Seen[] => {
  const seen: Seen[] = [];
  const arrays = new Map<string, number>();
  let prefix: string[] = [];
  for (const [index, text] of source.split("\n").entries()) {
    const header = HEADER.exec(text);
    if (header !== null) {
      prefix = withIndices(splitKey(header[2] ?? ""), header[1] === "[[", arrays);
      seen.push({ path: prefix.join("."), line: index + 1, text });
      continue;
    }
    const assignment = ASSIGNMENT.exec(text);
    if (assignment !== null)
      seen.push({ path: [...prefix, ...splitKey(assignment[1] ?? "")].join("."), line: index + 1, text });
  }
  return seen;
};

/** Adds the running index of arrays of tables: `tests.1`, `pipeline.p.table_overrides.0.match`. */
const withIndices = (keys: readonly string[], isArray: boolean, arrays: Map<string, number>): string[] => {
  const path: string[] = [];
  for (const [position, key] of keys.entries()) {
    path.push(key);
    const name = path.join(".");
    const last = position === keys.length - 1;
    if (last && isArray) arrays.set(name, (arrays.get(name) ?? -1) + 1);
    const index = arrays.get(name);
    if (index !== undefined && (!last || isArray)) path.push(String(index));
  }
  return path;
};

const columnOf = (text: string, key: string): number | undefined => {
  if (key === "") return undefined;
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // As a key, or as a part of a header.
  const at = text.search(new RegExp(`(?:^|[\\s{,."'])${escaped}\\s*["']?\\s*=|^\\s*\\[.*\\b${escaped}\\b`));
  return at < 0 ? undefined : text.indexOf(key, at) + 1;
};

export interface Position {
  readonly line?: number;
  readonly column?: number;
}

/** Entries by their path and, for tables that only headers below them name, by each of its beginnings. */
const index = (source: string): ReadonlyMap<string, Seen> => {
  const exact = new Map<string, Seen>();
  const beginnings = new Map<string, Seen>();
  for (const entry of collect(source)) {
    if (!exact.has(entry.path)) exact.set(entry.path, entry);
    for (let at = entry.path.indexOf("."); at > 0; at = entry.path.indexOf(".", at + 1)) {
      const beginning = entry.path.slice(0, at);
      if (!beginnings.has(beginning)) beginnings.set(beginning, entry);
    }
  }
  return new Map([...beginnings, ...exact]);
};

/** Finds line and column of a dotted key, or of the nearest enclosing thing that can be found. */
export const positionFinder = (source: string): ((path: readonly string[]) => Position) => {
  let seen: ReadonlyMap<string, Seen> | undefined;
  return (path) => {
    seen ??= index(source);
    for (let length = path.length; length > 0; length -= 1) {
      const found = seen.get(path.slice(0, length).join("."));
      if (found === undefined) continue;
      const column = columnOf(found.text, path.at(-1) ?? "") ?? columnOf(found.text, path[length - 1] ?? "");
      return { line: found.line, ...(column === undefined ? {} : { column }) };
    }
    return {};
  };
};
