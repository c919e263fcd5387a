import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, it } from "vitest";
import { siblingModule } from "./sibling-module.ts";
import { openThreadLocation } from "./thread-location.ts";

const projectRoot = mkdtempSync(join(tmpdir(), "thread-location-"));
afterAll(() => rmSync(projectRoot, { recursive: true }));

it("says how to give a load more memory when its thread had too little", async () => {
  writeFileSync(join(projectRoot, "package.json"), '{ "dagster": { "definitions": "definitions.mjs" } }');
  const endless = "const held = []; for (;;) held.push({ number: Math.random() });";
  writeFileSync(join(projectRoot, "definitions.mjs"), endless);
  const thread = new Worker(siblingModule(import.meta.url, "./location-thread"), {
    workerData: {},
    resourceLimits: { maxOldGenerationSizeMb: 40 },
  });
  const parameters = { projectRoot, identity: { entryPoint: ["x"], executablePath: "x" } };
  await expect(openThreadLocation(thread, parameters)).rejects.toThrow(/--max-old-space-size=8000/);
});
