import { type HookContext, hookPayload } from "./context.ts";

const text = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const valuesOf = (context: HookContext): ReadonlyMap<string, string> => {
  const { metadata, ...fields } = hookPayload(context);
  const values = new Map(Object.entries(fields).map(([key, value]) => [key, text(value)]));
  values.set("event", context.event);
  for (const [key, value] of Object.entries(context.metadata ?? {}))
    values.set(`metadata.${key}`, text(value));
  return values;
};

const CONDITIONAL = /\{\{#if\s+([^}]+?)\s*\}\}([\s\S]*?)\{\{\/if\}\}/g;
const FIELD = /\{\{\s*([^}#/]+?)\s*\}\}/g;

/** A value inside a JSON text: quotes and line breaks of an error message must not break the document. */
const escapeJson = (value: string): string => JSON.stringify(value).slice(1, -1);

/**
 * Fills `{{field}}`, `{{metadata.key}}` and `{{#if field}}…{{/if}}`. Unknown fields are empty. Values are escaped
 * when the template is a JSON document.
 */
export const renderTemplate = (template: string, context: HookContext): string => {
  const values = valuesOf(context);
  const isJson = /^\s*[[{]/.test(template) && !/^\s*\{\{/.test(template);
  return template
    .replace(CONDITIONAL, (_whole, name: string, inner: string) =>
      (values.get(name) ?? "") === "" ? "" : inner,
    )
    .replace(FIELD, (_whole, name: string) => {
      const value = values.get(name) ?? "";
      return isJson ? escapeJson(value) : value;
    });
};
