import type { ComponentLoadContext, TemplateScope } from "@dagster-rocky/dagster";

/** A load context whose log can be read. */
export function loadContext(
  projectRoot: string,
  env: Readonly<Record<string, string | undefined>> = {},
): ComponentLoadContext & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    projectRoot,
    path: projectRoot,
    isReconstruction: false,
    env,
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    lines,
  };
}

const NAME = /\{\{\s*(\w+)\s*\}\}/g;

/** Templates that only name variables; the framework's own language is tested where it lives. */
export const plainScope: TemplateScope = {
  resolve(value, extra = {}) {
    if (typeof value === "string") {
      const whole = /^\{\{\s*(\w+)\s*\}\}$/.exec(value)?.[1];
      if (whole !== undefined) return extra[whole];
      return value.replace(NAME, (_match, name: string) => String(extra[name]));
    }
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, extra));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, extra)]));
  },
};
