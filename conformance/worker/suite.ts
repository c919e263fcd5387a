import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeInInstance } from "@dagster-rocky/dagster/testing";
import { definitions } from "./cases.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Settings of an instance that workers obey. */
const SETTINGS = `
python_logs: { python_log_level: INFO }
run_retries: { enabled: true, max_retries: 1, retry_on_asset_or_op_failure: false }
concurrency: { pools: { default_limit: 1 } }
`;
/** Processes that share the crowd of runs. */
const PROCESSES = 4;

/** Runs that peer.py has created in an instance. */
export interface Planned {
  readonly instanceRef: string;
  readonly runs: readonly { readonly name: string; readonly runId: string }[];
}

export const plannedIn = (home: string): Planned =>
  JSON.parse(readFileSync(join(home, "planned.json"), "utf8")) as Planned;

interface Ended {
  readonly output: string;
  readonly code: number;
}

/** Gives what the command printed on standard output, and its exit code. Its errors are shown when it failed. */
function start(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => output.push(piece));
    child.stderr.on("data", (piece: Buffer) => errors.push(piece));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(errors));
      resolve({ output: Buffer.concat(output).toString("utf8"), code: code ?? 1 });
    });
  });
}

/** Runs a command of peer.py. */
export const runPeer = (python: string, ...args: readonly string[]): Promise<Ended> =>
  start(python, ["-W", "ignore", join(here, "peer.py"), ...args]);

/** One process's share of the crowd, all of it at once. */
async function runShare(home: string, share: number): Promise<void> {
  const planned = plannedIn(home);
  const mine = planned.runs.filter((_run, index) => index % PROCESSES === share);
  await Promise.all(mine.map(({ runId }) => executeInInstance(definitions, { ...planned, runId })));
}

export interface SuiteOptions {
  readonly python: string;
  readonly work: string;
  /** Makes the folder an instance whose storage is under test. */
  readonly prepareHome?: (home: string, name: string) => void | Promise<void>;
}

/**
 * Runs the same definitions with Python's worker and with ours, each in an instance of its own, and compares
 * every row that they wrote. Then many runs at once, from several processes and beside the host's own writes.
 * Gives what was found, in lines.
 */
export async function compareWorkers({ python, work, prepareHome }: SuiteOptions): Promise<string> {
  const peer = (...args: readonly string[]) =>
    start(python, ["-W", "ignore", join(here, "peer.py"), ...args]);
  const home = async (name: string): Promise<string> => {
    const folder = join(work, name);
    mkdirSync(folder);
    await prepareHome?.(folder, name);
    appendFileSync(join(folder, "dagster.yaml"), SETTINGS);
    return folder;
  };
  const [theirs, ours, crowd] = [await home("peer"), await home("ours"), await home("crowd")];

  requireSuccess("prepare its runs", await peer("prepare", theirs, ours));
  const planned = plannedIn(ours);
  for (const { name, runId } of planned.runs) {
    await executeInInstance(definitions, { ...planned, runId, resume: name.startsWith("resumed") });
  }
  const rows = requireVerdict("compare the rows", await peer("compare", theirs, ours));

  requireSuccess("prepare a crowd of runs", await peer("crowd", crowd));
  const self = join(here, "run.ts");
  const shares = Array.from({ length: PROCESSES }, (_, share) =>
    start(process.execPath, ["--import", "jiti/register", self, "share", crowd, String(share)]),
  );
  await Promise.all([...shares, peer("noise", crowd)]);
  const counted = requireVerdict("count the events", await peer("count", crowd));
  return rows + counted;
}

function requireSuccess(what: string, { code, output }: Ended): void {
  if (code !== 0) throw new Error(`the peer could not ${what}\n${output}`);
}

/** What the peer found; it may have found differences, but must have come to its end. */
function requireVerdict(what: string, { code, output }: Ended): string {
  if (!/\d+ passed, \d+ failed\n$/.test(output)) requireSuccess(what, { code: code || 1, output });
  return output;
}

/** Prints what the parts found, and one closing line for all of them. Gives the exit code. */
function total(output: string): number {
  let passed = 0;
  let failed = 0;
  const details = output.replace(/(\d+) passed, (\d+) failed\n/g, (_all, good: string, bad: string) => {
    passed += Number(good);
    failed += Number(bad);
    return "";
  });
  console.log(`${details}${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** What a conformance script does: one process of the crowd when asked to be, else `suite`. */
export async function main(suite: (python: string) => Promise<string>): Promise<void> {
  const [command, home = "", share = "0"] = process.argv.slice(2);
  if (command === "share") return runShare(home, Number(share));
  const python = process.env.PEER_PYTHON;
  if (python === undefined) {
    console.log("PEER_PYTHON must name an interpreter with Dagster\n0 passed, 1 failed");
    process.exitCode = 1;
    return;
  }
  process.exitCode = total(await suite(python));
}
