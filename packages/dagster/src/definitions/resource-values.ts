import { DefinitionsError } from "./errors.ts";
import type { JsonObject } from "./metadata.ts";
import type { ResourceDefinition, ResourceMap } from "./resources.ts";

/** Values of resources, each made once, when it is first asked for. */
export interface ResourceValueStore {
  /** Keys that `get` would still have to make, those that the wanted ones are built on included and first. */
  missing(keys: readonly string[]): readonly string[];
  get(key: string): Promise<unknown>;
  /** Forgets a value that could not be made, so that it is tried again. */
  forgetFailed(): Promise<void>;
  /** Disposes in the reverse order of creation; gives the errors. */
  dispose(): Promise<readonly unknown[]>;
}

/** Resources with those that they are built on, the latter first. */
export function withNested(definitions: ResourceMap, keys: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  const visit = (key: string, outer: readonly string[]): void => {
    if (found.has(key)) return;
    refuseCircle(key, outer);
    const inner = nestedKeys(definitions, requireResource(definitions, key));
    for (const one of Object.values(inner)) visit(one, [...outer, key]);
    found.add(key);
  };
  for (const key of keys) visit(key, []);
  return [...found];
}

/**
 * Under which keys of the code location the resources lie that one is built on, by the names that it uses itself.
 * The same object counts first: components may have had to rename theirs.
 */
export function nestedKeys(
  definitions: ResourceMap,
  { resources = {} }: ResourceDefinition,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(resources).map(([name, inner]) => {
      if (definitions[name] === inner) return [name, name];
      const key = Object.keys(definitions).find((candidate) => definitions[candidate] === inner);
      return [name, key ?? name];
    }),
  );
}

/** Objects cannot hold each other, but one that replaces another may ask for the key that it took. */
function refuseCircle(key: string, outer: readonly string[]): void {
  if (!outer.includes(key)) return;
  throw new DefinitionsError(
    `resources are built on each other in a circle: ${[...outer.slice(outer.indexOf(key)), key].join(" -> ")}`,
  );
}

function requireResource(definitions: ResourceMap, key: string): ResourceDefinition {
  const definition = Object.hasOwn(definitions, key) ? definitions[key] : undefined;
  if (definition !== undefined) return definition;
  throw new DefinitionsError(
    `resource \`${key}\` is required but not defined; known are ${Object.keys(definitions).join(", ") || "none"}`,
  );
}

const FAILED = Symbol("failed");

/** `configOf` gives a resource's config; it may throw, and only that resource then fails. */
export function createResourceValues(
  definitions: ResourceMap,
  configOf: (key: string) => JsonObject,
): ResourceValueStore {
  const values = new Map<string, Promise<unknown>>();

  const make = async (key: string, outer: readonly string[]): Promise<unknown> => {
    refuseCircle(key, outer);
    const definition = requireResource(definitions, key);
    const inner = Object.entries(nestedKeys(definitions, definition));
    // Asked for before this one is known, so that they are also disposed of after it.
    const asked = inner.map(async ([name, of]) => [name, await get(of, [...outer, key])] as const);
    const resources = Object.fromEntries(await Promise.all(asked));
    return definition.create({ config: configOf(key), resources });
  };
  const get = (key: string, outer: readonly string[] = []): Promise<unknown> => {
    const known = values.get(key);
    if (known !== undefined) return known;
    const value = make(key, outer);
    value.catch(() => undefined);
    values.set(key, value);
    return value;
  };

  return {
    missing: (keys) => withNested(definitions, keys).filter((key) => !values.has(key)),
    get: (key) => get(key),
    async forgetFailed() {
      for (const [key, value] of [...values]) await value.catch(() => values.delete(key));
    },
    async dispose() {
      const errors: unknown[] = [];
      for (const [key, made] of [...values].reverse()) {
        const value = await made.catch(() => FAILED);
        if (value === FAILED) continue;
        try {
          await definitions[key]?.dispose?.(value);
        } catch (error) {
          errors.push(error);
        }
      }
      values.clear();
      return errors;
    },
  };
}
