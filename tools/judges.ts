import { spawn } from "node:child_process";
import type { Release } from "./releases.ts";

/** One suite on one project or comparison, against one Dagster. */
export interface Subject {
  readonly suite: string;
  readonly name: string;
  readonly release: Release;
}

/** What one suite said about one project. */
export interface Outcome extends Subject {
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** False when the suite ended without its closing line. */
  readonly finished: boolean;
  readonly ok: boolean;
  /** The recorded number of passed assertions, if there is one. */
  readonly floor: number | undefined;
}

/** How reports name it. */
export const title = ({ suite, name, release }: Subject): string =>
  `${suite} ${name}${release.isPinned ? "" : ` (Dagster ${release.version})`}`;

const closingLine = /(\d+) passed, (\d+) failed/g;

/** Runs a judge, shows what failed, and reads its closing line `N passed, M failed`. */
export async function runJudge(
  subject: Subject,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  console.log(`... ${title(subject)}`);
  const started = Date.now();
  const { output, code } = await capture(command, args, env);
  const last = [...output.matchAll(closingLine)].at(-1);
  const passed = Number(last?.[1] ?? 0);
  const failed = Number(last?.[2] ?? 0);
  const finished = last !== undefined && (code === 0 || failed > 0);
  if (!finished || failed > 0)
    console.log(`${title(subject)} says:\n${complaints(output)}\n${tail(output, 30)}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  return { ...subject, passed, failed, seconds, finished, ok: finished && failed === 0, floor: undefined };
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

/** What failed may stand far above the end. */
const complaints = (text: string): string =>
  text
    .split("\n")
    .filter((line) => /^\s*(?:FAIL|not ok)\b/i.test(line))
    .join("\n");

const tail = (text: string, lines: number): string => text.trimEnd().split("\n").slice(-lines).join("\n");
