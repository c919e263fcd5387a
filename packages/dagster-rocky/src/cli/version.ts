import { readFileSync } from "node:fs";

/** This package's version, from its manifest beside `dist`. */
export const packageVersion = (): string => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version?: unknown;
  };
  return String(manifest.version);
};
