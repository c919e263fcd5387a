import { readFileSync } from "node:fs";

/** The version of this package, as its own manifest says. */
export const libraryVersion = (): string => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
};
