import { createRequire } from "node:module";

/** The version of this package, as its own manifest says. */
export const libraryVersion = (): string => {
  const manifest = createRequire(import.meta.url)("@dagster-rocky/dagster/package.json") as {
    version: string;
  };
  return manifest.version;
};
