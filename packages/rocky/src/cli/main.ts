import { ENGINE_VERSION } from "../version.ts";

// Clients ask for the version before every session; answering without loading the engine keeps that cheap.
const [only, ...others] = process.argv.slice(2);
if (others.length === 0 && (only === "--version" || only === "-V")) {
  process.stdout.write(`rocky ${ENGINE_VERSION}\n`);
} else {
  // No `await` here: the bundle of this module is CommonJS.
  void import("./run.ts").then(({ run }) => run());
}
