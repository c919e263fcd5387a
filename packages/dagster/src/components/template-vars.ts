import { join, sep } from "node:path";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { ComponentLoadContext } from "./component.ts";
import { importModule, type ModuleExports } from "./import-module.ts";
import { ProjectFileError } from "./project-file-error.ts";
import { findModuleFile, MODULE_ENDINGS, type ProjectLayout } from "./project-layout.ts";
import { fromHost } from "./template/host-values.ts";
import type { YamlDocument } from "./yaml-file.ts";

/** Names that templates see beside the ordinary ones. */
export type TemplateVars = Readonly<Record<string, unknown>>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Every value becomes a template variable; a function is called once, with the context, and gives it. */
export async function templateVarsFrom(
  source: ModuleExports,
  context: ComponentLoadContext,
  fail: (problem: string, cause?: unknown) => never,
): Promise<TemplateVars> {
  const vars: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source)) {
    if (name === "default" || name === "__esModule") continue;
    if (typeof value === "function" && value.length > 1) {
      fail(
        `template variable ${name} takes ${value.length} arguments; it may take the context and nothing else`,
      );
    }
    try {
      const made: unknown =
        typeof value === "function"
          ? await (value as (context: ComponentLoadContext) => unknown)(context)
          : value;
      vars[name] = fromHost(made);
    } catch (error) {
      fail(`template variable ${name}: ${messageOf(error)}`, error);
    }
  }
  return vars;
}

/** `.name` is beside the file, other names are those of the project's modules. */
export function templateVarsFile(
  name: string,
  layout: ProjectLayout,
  folder: string,
  document: YamlDocument,
): string {
  const file = name.startsWith(".") ? besideFile(name, folder) : findModuleFile(layout, name);
  if (file?.startsWith(layout.root + sep) === true) return file;
  const known = Object.keys(layout.componentModules);
  throw new ProjectFileError(
    document.at(["template_vars_module"]),
    name.startsWith(".")
      ? `there is no module "${name}" beside this file (${MODULE_ENDINGS.join(", ")})`
      : `no module of the project provides "${name}"; modules: ${known.join(", ") || "none"}`,
  );
}

function besideFile(name: string, folder: string): string | undefined {
  const base = join(folder, ...name.slice(1).split("."));
  return MODULE_ENDINGS.map((ending) => base + ending).find((path) => existsSync(path));
}

/** Loads the module that `template_vars_module` names. */
export async function loadTemplateVars(
  file: string,
  context: ComponentLoadContext,
  document: YamlDocument,
): Promise<TemplateVars> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ProjectFileError(document.at(["template_vars_module"]), problem, cause);
  };
  const exports = await importModule(pathToFileURL(file)).catch((error: unknown) =>
    fail(`${file} cannot be imported: ${messageOf(error)}`, error),
  );
  const vars = await templateVarsFrom(exports, context, fail);
  if (Object.keys(vars).length === 0) fail(`${file} exports no template variables`);
  return vars;
}
