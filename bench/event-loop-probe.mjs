// Loaded before a program to tell how long its event loop stood still at most. Threads of the program have their own
// loops and may take their time.
import { rmSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const report = process.env.EVENT_LOOP_REPORT;
if (isMainThread && report !== undefined) {
  // Processes that the program starts are not measured.
  delete process.env.EVENT_LOOP_REPORT;
  rmSync(report, { force: true });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on("exit", () => writeFileSync(report, JSON.stringify({ longest_block: delay.max / 1e9 })));
}
