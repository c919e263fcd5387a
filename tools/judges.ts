import { spawn } from "node:child_process";
import { join } from "node:path";
import type { PythonEnvironment } from "./python.ts";

/** What one suite said about one project. */
export interface Outcome {
  readonly suite: string;
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** False when the suite ended without its closing line. */
  readonly finished: boolean;
  readonly ok: boolean;
  /** The recorded number of passed assertions, if there is one. */
  readonly floor: number | undefined;
}

const closingLine = /(\d+) passed, (\d+) failed/g;

/** Runs a judge, shows what failed, and reads its closing line `N passed, M failed`. */
export async function runJudge(
  suite: string,
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  console.log(`... ${suite} ${name}`);
  const started = Date.now();
  const { output, code } = await capture(command, args, env);
  const last = [...output.matchAll(closingLine)].at(-1);
  const passed = Number(last?.[1] ?? 0);
  const failed = Number(last?.[2] ?? 0);
  const finished = last !== undefined && (code === 0 || failed > 0);
  if (!finished || failed > 0) console.log(tail(output, 60));
  const seconds = Math.round((Date.now() - started) / 1000);
  return { suite, name, passed, failed, seconds, finished, ok: finished && failed === 0, floor: undefined };
}

/** One of our own comparisons: `conformance/<name>/run.ts`, which gets the peer's interpreter in `PEER_PYTHON`. */
export async function runSuite(
  suite: string,
  name: string,
  python: PythonEnvironment,
  root: string,
): Promise<Outcome> {
  const script = join(root, "conformance", name, "run.ts");
  return runJudge(suite, name, process.execPath, [join(root, "tools/run-ts.mjs"), script], {
    PEER_PYTHON: python.python,
  });
}

function capture(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly output: string; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr.on("data", (piece: Buffer) => pieces.push(piece));
    child.once("error", reject);
    child.once("close", (code) => resolve({ output: Buffer.concat(pieces).toString("utf8"), code }));
  });
}

const tail = (text: string, lines: number): string => text.trimEnd().split("\n").slice(-lines).join("\n");
