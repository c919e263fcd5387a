import { createRequire } from "node:module";

/** This package's version, from its manifest beside `dist`. */
export const packageVersion = (): string => {
  const manifest = createRequire(import.meta.url)("@dagster-rocky/dagster-rocky/package.json") as {
    readonly version?: unknown;
  };
  return String(manifest.version);
};
