import { RockyError } from "../../errors.ts";
import type { Components } from "./schema-pattern.ts";

/** `--filter key=value`. */
export interface SourceFilter {
  readonly key: string;
  readonly value: string;
}

export const parseFilter = (text: string | undefined): SourceFilter | undefined => {
  if (text === undefined) return undefined;
  const equals = text.indexOf("=");
  if (equals < 1) {
    throw new RockyError("config_invalid", `invalid filter '${text}': expected key=value`, {
      hint: "the key is a component of the schema pattern, `id` or `table`",
    });
  }
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
};

/** A source passes by its id, or by a component that equals the value (or holds it, when variadic). */
export const matchesSource = (
  filter: SourceFilter | undefined,
  source: { readonly id: string; readonly components: Components },
): boolean => {
  if (filter === undefined || filter.key === "table") return true;
  if (filter.key === "id") return source.id === filter.value;
  const value = Object.hasOwn(source.components, filter.key) ? source.components[filter.key] : undefined;
  return typeof value === "string" ? value === filter.value : (value?.includes(filter.value) ?? false);
};

export const matchesTable = (filter: SourceFilter | undefined, table: string): boolean =>
  filter?.key !== "table" || filter.value === table;
