import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Where compiled modules are kept, because compiling costs every run worker half a second: where tools of a project
 * keep such files, by the modules' content. Never in a folder for temporary files, where others could place code.
 */
const compiledFolder = (module: string): string | false => {
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const installed = join(folder, "node_modules");
    if (existsSync(installed)) return join(installed, ".cache/dagster-ts");
  }
  return false;
};

/** Node before 22.18 cannot run TypeScript, so a project's own modules go through a loader. */
const importTypeScript = async (url: URL): Promise<ModuleExports> => {
  const { createJiti } = await import("jiti");
  const module = fileURLToPath(url);
  const jiti = createJiti(import.meta.url, { fsCache: compiledFolder(module), interopDefault: false });
  return (await jiti.import(module)) as ModuleExports;
};

/** Imports a module of the project, TypeScript or JavaScript. */
export const importModule = (url: URL): Promise<ModuleExports> =>
  /\.[cm]?tsx?$/.test(url.pathname) ? importTypeScript(url) : (import(url.href) as Promise<ModuleExports>);
