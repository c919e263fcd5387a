import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocationParameters } from "../server/code-location.ts";

const statText = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${path} ${found.size} ${found.mtimeMs}`;
};

/** The manifest of the package that a module belongs to, and its last build, where there is one. */
const packagePrint = (module: string): string => {
  let folder = dirname(module);
  while (folder !== dirname(folder)) {
    const manifest = statText(join(folder, "package.json"));
    if (manifest !== "") return `${manifest} ${statText(join(folder, "dist/index.js"))}`;
    folder = dirname(folder);
  }
  return module;
};

/** Changes when the program that serves a project does, or what it tells hosts about itself. */
export const programPrint = ({ registryModule, identity }: LocationParameters): string => {
  const modules = [import.meta.url, ...(registryModule === undefined ? [] : [registryModule])];
  const packages = modules.map((url) => (url.startsWith("file:") ? packagePrint(fileURLToPath(url)) : url));
  return JSON.stringify([process.version, packages, identity]);
};
