// Loads a project's definitions as the server does, without a server; prints one JSON object: measure-load.mjs PROJECT
import { closeSync, fstatSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { locationThreads } from "../packages/dagster/dist/location-threads.js";

const projectRoot = resolve(process.argv[2] ?? ".");
const registryModule = new URL("../packages/dagster-rocky/dist/registry.js", import.meta.url).href;
const thread = locationThreads(registryModule).take();
const spool = join(tmpdir(), `load-${process.pid}`);
const file = openSync(spool, "wx+");
rmSync(spool);

// The imports of the thread say nothing of their end, and take a tenth of this.
await sleep(1000);
const started = performance.now();
thread.on("message", (message) => {
  if (message.kind === "loaded") {
    const request = { kind: "repository", deferSnapshots: true };
    thread.postMessage({ kind: "ask", id: 0, request, spool: { file } });
  } else if (message.kind === "answer" && !message.answer.isError) {
    const seconds = (performance.now() - started) / 1000;
    const peak_mb = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ seconds, peak_mb, bytes: fstatSync(file).size }));
    closeSync(file);
    thread.postMessage({ kind: "close" });
  } else if (message.kind !== "grew") {
    console.error(JSON.stringify(message));
    process.exit(1);
  }
});
const identity = { entryPoint: ["bench"], executablePath: "bench" };
thread.postMessage({ kind: "load", parameters: { projectRoot, registryModule, identity } });
