/**
 * URL of a module that a thread or a process starts from. Sources that run unbuilt (in tests) point to the built
 * module, because Node 20 threads and processes cannot run TypeScript.
 */
export const siblingModule = (here: string, path: string): URL => {
  if (!here.endsWith(".ts")) return new URL(`${path}.js`, here);
  return new URL(
    new URL(path, here).href.replace("/packages/dagster/src/", "/packages/dagster/dist/").concat(".js"),
  );
};
