// Test support: compiles a project given as texts.

import { loadConfig } from "../config/index.ts";
import { memoryFiles } from "../ports.ts";
import { compileProject, type CompileProjectOptions } from "./compile-project.ts";
import type { CompiledProject } from "./project.ts";
import { type SourceColumn, type SourceSchemas, sourceSchemas } from "./source-schemas.ts";

const DEFAULTS = '[target]\ncatalog = "w"\nschema = "main"\n';

/** `a.sql` and `a.toml` lie in `models`; a sidecar is made for each model without one. */
export const compileTexts = (
  models: Readonly<Record<string, string>>,
  options: Partial<CompileProjectOptions> & { readonly toml?: string } = {},
): Promise<CompiledProject> => {
  const { toml, ...rest } = options;
  const texts: Record<string, string> = { "models/_defaults.toml": DEFAULTS };
  for (const [name, text] of Object.entries(models))
    texts[name.includes("/") ? name : `models/${name}`] = text;
  for (const name of Object.keys(models)) {
    if (name.endsWith(".sql")) texts[`models/${name.replace(".sql", ".toml")}`] ??= "";
  }
  if (toml !== undefined) texts["rocky.toml"] = toml;
  const files = memoryFiles(texts);
  const config = toml === undefined ? {} : { config: loadConfig(files, {}, "rocky.toml") };
  return compileProject({ files, env: {}, models: "models", ...config, ...rest });
};

/** Columns of tables in schema `src`, as `{ a: "id INTEGER, v VARCHAR NOT NULL" }`. */
export const sourcesOf = (tables: Readonly<Record<string, string>>): SourceSchemas =>
  sourceSchemas(
    Object.entries(tables).map(([table, columns]) => ({
      catalog: "w",
      schema: "src",
      table,
      columns: columns.split(/,(?![^(]*\))/).map((text): SourceColumn => {
        const [name = "", ...type] = text.replace(" NOT NULL", "").trim().split(" ");
        return { name, type: type.join(" "), nullable: !text.includes("NOT NULL") };
      }),
    })),
  );

/** `CODE model` of every diagnostic, sorted. */
export const codes = (project: CompiledProject): readonly string[] =>
  project.diagnostics.map(({ code, model }) => `${code} ${model}`).sort();
