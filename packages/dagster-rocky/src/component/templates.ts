import type { TemplateScope } from "@dagster-rocky/dagster";
import { isObject } from "./json.ts";

/**
 * Resolves the templates inside a value. Text without a template is left as it is: rendering it would turn
 * `"3"` into a number, as Python's does.
 */
export function resolveTemplates(
  value: unknown,
  scope: TemplateScope,
  extra?: Readonly<Record<string, unknown>>,
): unknown {
  if (typeof value === "string") return value.includes("{{") ? scope.resolve(value, extra) : value;
  if (Array.isArray(value)) return value.map((item) => resolveTemplates(item, scope, extra));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveTemplates(item, scope, extra)]),
  );
}
