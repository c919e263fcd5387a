import type { SchemaPatternConfig } from "../../config/index.ts";

/** What a source schema's name says: one text per component, several for a variadic one, in pattern order. */
export type Components = Readonly<Record<string, string | readonly string[]>>;

const VARIADIC = "...";

export const componentName = (declared: string): string =>
  declared.endsWith(VARIADIC) ? declared.slice(0, -VARIADIC.length) : declared;

/**
 * Cuts a schema's name by the pattern; undefined when it does not fit. Surplus segments at the end are ignored
 * when no component is variadic.
 */
export const parseSchemaName = (pattern: SchemaPatternConfig, schema: string): Components | undefined => {
  if (!schema.startsWith(pattern.prefix)) return undefined;
  const segments = schema.slice(pattern.prefix.length).split(pattern.separator);
  const { components } = pattern;
  if (segments.length < components.length) return undefined;
  const parsed: Record<string, string | readonly string[]> = {};
  let at = 0;
  for (const [index, declared] of components.entries()) {
    const later = components.length - index - 1;
    const taken = declared.endsWith(VARIADIC) ? segments.length - at - later : 1;
    const part = segments.slice(at, at + taken);
    parsed[componentName(declared)] = declared.endsWith(VARIADIC) ? part : (part[0] ?? "");
    at += taken;
  }
  return Object.freeze(parsed);
};

/** All segments, variadic ones flattened, in pattern order. */
export const flatComponents = (components: Components): readonly string[] => Object.values(components).flat();

/**
 * Fills `{name}` and `{name:SEP}`; a variadic component is joined with SEP, or with `separator`. Placeholders
 * that name no component stay as they are.
 */
export const fillTemplate = (template: string, components: Components, separator: string): string =>
  template.replaceAll(/\{([^{}:]+)(?::([^{}]*))?\}/g, (whole, name: string, given: string | undefined) => {
    const value = Object.hasOwn(components, name) ? components[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === "string" ? value : value.join(given ?? separator);
  });
