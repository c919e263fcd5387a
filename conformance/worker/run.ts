/**
 * Runs the same definitions with Python's worker and with ours, each in an instance of its own, and compares
 * every row that they wrote. The interpreter with Dagster is in PEER_PYTHON.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeInInstance } from "@dagster-rocky/dagster/testing";
import { definitions } from "./cases.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

interface Planned {
  readonly instanceRef: string;
  readonly runs: readonly { readonly name: string; readonly runId: string }[];
}

function peer(python: string, ...args: readonly string[]): number {
  const { status } = spawnSync(python, [join(here, "peer.py"), ...args], {
    stdio: ["ignore", "inherit", "ignore"],
  });
  return status ?? 1;
}

async function main(): Promise<number> {
  const python = process.env.PEER_PYTHON;
  if (python === undefined) {
    console.log("PEER_PYTHON is needed\n0 passed, 1 failed");
    return 1;
  }
  const work = mkdtempSync(join(tmpdir(), "worker-"));
  try {
    const homes = [join(work, "peer"), join(work, "ours")] as const;
    for (const home of homes) mkdirSync(home);
    if (peer(python, "prepare", ...homes) !== 0) return 1;
    const planned = JSON.parse(readFileSync(join(homes[1], "planned.json"), "utf8")) as Planned;
    for (const { runId } of planned.runs) await executeInInstance(definitions, { ...planned, runId });
    return peer(python, "compare", ...homes);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

process.exitCode = await main();
