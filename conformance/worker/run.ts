/**
 * Runs the same definitions with Python's worker and with ours, each in an instance of its own, and compares
 * every row that they wrote. Then many runs at once, from several processes and beside the host's own writes.
 * The interpreter with Dagster is in PEER_PYTHON.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeInInstance } from "@dagster-rocky/dagster/testing";
import { definitions } from "./cases.ts";

const self = fileURLToPath(import.meta.url);
const here = fileURLToPath(new URL(".", import.meta.url));
/** Processes that share the crowd of runs. */
const PROCESSES = 4;

interface Planned {
  readonly instanceRef: string;
  readonly runs: readonly { readonly name: string; readonly runId: string }[];
}

const plannedIn = (home: string): Planned =>
  JSON.parse(readFileSync(join(home, "planned.json"), "utf8")) as Planned;

/** Gives what the command printed on standard output, and its exit code. */
function start(
  command: string,
  args: readonly string[],
): Promise<{ readonly output: string; readonly code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ output: Buffer.concat(pieces).toString("utf8"), code: code ?? 1 }),
    );
  });
}

/** One process's share of the crowd, all of it at once. */
async function runShare(home: string, share: number): Promise<void> {
  const planned = plannedIn(home);
  const mine = planned.runs.filter((_run, index) => index % PROCESSES === share);
  await Promise.all(mine.map(({ runId }) => executeInInstance(definitions, { ...planned, runId })));
}

async function main(): Promise<number> {
  const python = process.env.PEER_PYTHON;
  if (python === undefined) {
    console.log("PEER_PYTHON is needed\n0 passed, 1 failed");
    return 1;
  }
  const peer = (...args: readonly string[]) => start(python, [join(here, "peer.py"), ...args]);
  const work = mkdtempSync(join(tmpdir(), "worker-"));
  try {
    const [theirs, ours, crowd] = ["peer", "ours", "crowd"].map((name) => join(work, name)) as [
      string,
      string,
      string,
    ];
    for (const home of [theirs, ours, crowd]) mkdirSync(home);

    const made = await peer("prepare", theirs, ours);
    if (made.code !== 0) throw new Error("the peer could not prepare its runs");
    const planned = plannedIn(ours);
    for (const { runId } of planned.runs) await executeInInstance(definitions, { ...planned, runId });
    const rows = await peer("compare", theirs, ours);

    await peer("crowd", crowd);
    const shares = Array.from({ length: PROCESSES }, (_, share) =>
      start(process.execPath, ["--import", "jiti/register", self, "share", crowd, String(share)]),
    );
    await Promise.all([...shares, peer("noise", crowd)]);
    const counted = await peer("count", crowd);
    return total(rows.output + counted.output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Prints what the parts found, and one closing line for all of them. */
function total(output: string): number {
  let [passed, failed] = [0, 0];
  const details = output.replace(/(\d+) passed, (\d+) failed\n/g, (_all, good: string, bad: string) => {
    passed += Number(good);
    failed += Number(bad);
    return "";
  });
  console.log(`${details}${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

const [command, home = "", share = "0"] = process.argv.slice(2);
if (command === "share") await runShare(home, Number(share));
else process.exitCode = await main();
