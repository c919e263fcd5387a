import type { TemplateScope } from "./component.ts";
import { renderTemplate } from "./template/render.ts";
import { TemplateError } from "./template/tokens.ts";
import { ProjectFileError } from "./project-file-error.ts";
import type { YamlDocument, YamlPath } from "./yaml-file.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Where a template text stands in the document: only needed for errors, so it is searched then. */
const findText = (value: unknown, text: string, path: YamlPath): YamlPath | undefined => {
  if (value === text) return path;
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isRecord(value)
      ? Object.entries(value)
      : [];
  for (const [key, inner] of entries) {
    const found = findText(inner, text, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The scope of one YAML document: errors name the line of the template. */
export const createAttributeScope = (
  document: YamlDocument,
  scope: Readonly<Record<string, unknown>>,
): TemplateScope => {
  const render = (text: string, names: Readonly<Record<string, unknown>>): unknown => {
    try {
      return renderTemplate(text, names);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new ProjectFileError(document.at(findText(document.value, text, []) ?? []), error.message, error);
    }
  };
  const resolve = (value: unknown, names: Readonly<Record<string, unknown>>): unknown => {
    if (typeof value === "string") return render(value, names);
    if (Array.isArray(value)) return value.map((item) => resolve(item, names));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, names)]));
  };
  return {
    resolve: (value, extra) => resolve(value, extra === undefined ? scope : { ...scope, ...extra }),
  };
};
