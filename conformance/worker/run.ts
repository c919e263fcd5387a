/** Our worker beside Python's, on the SQLite storage that Dagster uses by default. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareWorkers, main } from "./suite.ts";

await main(async (python) => {
  const work = mkdtempSync(join(tmpdir(), "worker-"));
  try {
    return await compareWorkers({ python, work });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
