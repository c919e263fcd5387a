// Path arithmetic without Node, so that the rooms which read files through a port can run in a browser too.
// Paths use `/`; a path is absolute when it starts with `/` or a Windows drive.

export const isAbsolutePath = (path: string): boolean => path.startsWith("/") || /^[A-Za-z]:\//.test(path);

/** Resolves `.` and `..` and doubled slashes. A relative path that climbs out keeps its leading `..`. */
export const normalizePath = (path: string): string => {
  const root = /^(?:[A-Za-z]:)?\//.exec(path)?.[0] ?? "";
  const kept: string[] = [];
  for (const part of path.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== ".." || root === "") kept.push(part);
  }
  const joined = root + kept.join("/");
  return joined === "" ? "." : joined;
};

/** Joins parts; an absolute part discards those before it. */
export const joinPath = (...parts: readonly string[]): string => {
  let joined = "";
  for (const part of parts) joined = isAbsolutePath(part) || joined === "" ? part : `${joined}/${part}`;
  return normalizePath(joined);
};

export const directoryOf = (path: string): string => {
  const normal = normalizePath(path);
  const slash = normal.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : normal.slice(0, slash);
};

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The base name without its last extension. */
export const stemOf = (path: string): string => {
  const base = baseName(path);
  const dot = base.lastIndexOf(".");
  return dot <= 0 ? base : base.slice(0, dot);
};

/** True when `path`, both taken relative to the same folder, lies in or below `directory`. */
export const isInside = (directory: string, path: string): boolean => {
  const outer = normalizePath(directory);
  const inner = normalizePath(path);
  if (outer === ".") return !isAbsolutePath(inner) && inner !== ".." && !inner.startsWith("../");
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
};
