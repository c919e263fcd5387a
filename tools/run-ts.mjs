// Runs one TypeScript script: node tools/run-ts.mjs SCRIPT. (jiti's loader hook does not get along with every package.)
import { resolve } from "node:path";
import { createJiti } from "jiti";

const script = process.argv[2];
if (!script) throw new Error("Name a script: node tools/run-ts.mjs SCRIPT");
// The script reads its own arguments where any program does.
process.argv.splice(1, 1);
await createJiti(import.meta.url, { nativeModules: ["playwright-core"] }).import(resolve(script));
