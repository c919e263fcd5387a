import type { Program } from "@dagster-rocky/dagster/cli";
import { packageVersion } from "./version.ts";

/** What the commands of `@dagster-rocky/dagster` are told about the program that they are part of. */
export const rockyProgram = (): Program => ({
  name: "dagster-rocky",
  version: packageVersion(),
  registryModule: new URL("./registry.js", import.meta.url).href,
});
