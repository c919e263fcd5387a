import { describeValue, type Problem, type TableReader } from "../reader.ts";
import { didYouMean } from "../../suggest.ts";
import { isTable } from "../toml.ts";
import type { MaskConfig, MaskStrategy, RoleConfig } from "../types/config.ts";

const STRATEGIES: readonly MaskStrategy[] = ["hash", "redact", "partial", "none"];

const strategyOf = (
  value: unknown,
  path: readonly string[],
  problems: Problem[],
): MaskStrategy | undefined => {
  const found = STRATEGIES.find((strategy) => strategy === value);
  if (found === undefined) {
    const near = typeof value === "string" ? didYouMean(value, STRATEGIES) : undefined;
    problems.push({
      severity: "error",
      path,
      message:
        typeof value === "string"
          ? `unknown mask strategy '${value}'`
          : `expected a mask strategy, found ${describeValue(value)}`,
      hint: near ?? `one of ${STRATEGIES.join(", ")}`,
    });
  }
  return found;
};

/** `[mask]`: a value that is a table names an environment. */
export const decodeMask = (root: TableReader): MaskConfig => {
  const environments: Record<string, Readonly<Record<string, MaskStrategy>>> = {};
  const strategies = root.map("mask", (value, path, name) => {
    if (!isTable(value)) return strategyOf(value, path, root.problems);
    const overrides: Record<string, MaskStrategy> = {};
    for (const [tag, strategy] of Object.entries(value)) {
      const known = strategyOf(strategy, [...path, tag], root.problems);
      if (known !== undefined) overrides[tag] = known;
    }
    environments[name] = Object.freeze(overrides);
    return undefined;
  });
  return Object.freeze({ strategies, environments: Object.freeze(environments) });
};

const findCycle = (roles: ReadonlyMap<string, RoleConfig>): readonly string[] | undefined => {
  const done = new Set<string>();
  for (const start of roles.keys()) {
    const trail: string[] = [];
    const visit = (name: string): readonly string[] | undefined => {
      if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
      if (done.has(name)) return undefined;
      trail.push(name);
      for (const parent of roles.get(name)?.inherits ?? []) {
        const cycle = visit(parent);
        if (cycle !== undefined) return cycle;
      }
      trail.pop();
      done.add(name);
      return undefined;
    };
    const cycle = visit(start);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
};

/** `[role.<name>]`; an unknown parent and a cycle are errors. */
export const decodeRoles = (root: TableReader): readonly RoleConfig[] => {
  const roles = new Map<string, RoleConfig>();
  const table = root.raw("role");
  for (const name of isTable(table) ? Object.keys(table) : []) {
    root.child("role", (reader) => {
      const role = reader.child(name, (child) => ({
        name,
        inherits: child.strings("inherits") ?? [],
        permissions: child.strings("permissions") ?? [],
      }));
      if (role !== undefined) roles.set(name, role);
      for (const other of Object.keys(isTable(table) ? table : {})) reader.raw(other);
      return role;
    });
  }
  for (const role of roles.values())
    for (const parent of role.inherits)
      if (!roles.has(parent))
        root.problem(
          `role.${role.name}.inherits`,
          `unknown role '${parent}'`,
          didYouMean(parent, roles.keys()),
        );
  const cycle = findCycle(roles);
  if (cycle !== undefined)
    root.problem("role", `roles inherit in a circle: ${cycle.join(" -> ")}`, "break the circle");
  return Object.freeze([...roles.values()]);
};
