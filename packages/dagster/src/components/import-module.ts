import { fileURLToPath } from "node:url";

export type ModuleExports = Readonly<Record<string, unknown>>;

/** Node before 22.18 cannot run TypeScript, so a project's own modules go through a loader. */
const importTypeScript = async (url: URL): Promise<ModuleExports> => {
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  return (await jiti.import(fileURLToPath(url))) as ModuleExports;
};

/** Imports a module of the project, TypeScript or JavaScript. */
export const importModule = (url: URL): Promise<ModuleExports> =>
  /\.[cm]?tsx?$/.test(url.pathname) ? importTypeScript(url) : (import(url.href) as Promise<ModuleExports>);
