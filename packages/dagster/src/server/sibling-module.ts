import { basename } from "node:path";

/**
 * URL of a module that a thread or a process starts from; built, all of them lie in one folder. Sources that run
 * unbuilt (in tests) point to the built module, because Node 20 threads and processes cannot run TypeScript.
 */
export const siblingModule = (here: string, path: string): URL => {
  if (!here.endsWith(".ts")) return new URL(`${path}.js`, here);
  const packageFolder = here.slice(0, here.lastIndexOf("/src/"));
  return new URL(`${packageFolder}/dist/${basename(path)}.js`);
};
