/** An op's name may hold `[A-Za-z0-9_]` only. */
export const opName = (...parts: string[]): string => parts.join("_").replace(/[^A-Za-z0-9_]/g, "_");

/** Hands out each name once: a second `x` becomes `x_2`. */
export function uniqueNames(): (name: string) => string {
  const used = new Set<string>();
  const next = new Map<string, number>();
  return (name) => {
    let unique = name;
    for (let i = next.get(name) ?? 2; used.has(unique); i++) {
      unique = `${name}_${i}`;
      next.set(name, i + 1);
    }
    used.add(unique);
    return unique;
  };
}

/** Segments of `[A-Za-z0-9_]` joined with `/`: what Dagster takes as a group. */
export const groupName = (text: string): string =>
  VALID_GROUP.test(text)
    ? text
    : text
        .split("/")
        .map((segment) => segment.replace(/[^A-Za-z0-9_]/g, "_") || "_")
        .join("/");
const VALID_GROUP = /^[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/;
