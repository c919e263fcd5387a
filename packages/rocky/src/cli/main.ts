import * as nodeModule from "node:module";
import { ENGINE_VERSION } from "../version.ts";

// Clients ask for the version before every session; answering without loading the engine keeps that cheap.
const [only, ...others] = process.argv.slice(2);
if (others.length === 0 && (only === "--version" || only === "-V")) {
  process.stdout.write(`rocky ${ENGINE_VERSION}\n`);
} else {
  // Newer Node keeps compiled code between processes, which halves the start of the many small ones.
  if ("enableCompileCache" in nodeModule && typeof nodeModule.enableCompileCache === "function")
    nodeModule.enableCompileCache();
  const { run } = await import("./run.ts");
  await run();
}
