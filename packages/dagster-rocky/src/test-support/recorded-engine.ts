import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One recorded answer: given when all words of `when` occur in the command line, in this order. */
export interface RecordedAnswer {
  readonly when: readonly string[];
  readonly json?: unknown;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** Stays alive this long, with a child of its own, before it answers. */
  readonly sleepMs?: number;
  /** Lines for the Dagster Pipes messages file. */
  readonly pipes?: readonly unknown[];
  /** Answers only that many times; later calls see the next matching answer. */
  readonly times?: number;
}

/** An executable that answers from a list and keeps a log of how it was called. */
export interface RecordedEngine {
  readonly path: string;
  readonly folder: string;
  /** Arguments after the global flags, in order of the calls; `--version` left out. */
  calls(): readonly (readonly string[])[];
  /** Complete records of all calls. */
  log(): readonly {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly pid: number;
    readonly child?: number;
  }[];
  dispose(): void;
}

const SCRIPT = `#!${process.execPath}
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
const folder = dirname(fileURLToPath(import.meta.url));
const argv = process.argv.slice(2);
const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
const usesFile = join(folder, "uses.json");
// Only counted where it matters: calls side by side would read a half-written file.
const counts = answers.some((one) => one.times !== undefined);
const uses = counts && existsSync(usesFile) ? JSON.parse(readFileSync(usesFile, "utf8")) : {};
const fits = (when) => {
  let at = 0;
  for (const word of argv) if (word === when[at]) at += 1;
  return at === when.length;
};
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /ROCKY|DAGSTER/.test(name)));
const found = answers.findIndex((one, index) => fits(one.when) && (one.times === undefined || (uses[index] ?? 0) < one.times));
const answer = answers[found] ?? { stderr: "Error: no recorded answer for " + argv.join(" "), exitCode: 1 };
uses[found] = (uses[found] ?? 0) + 1;
if (counts) writeFileSync(usesFile, JSON.stringify(uses));
const record = { argv, env, pid: process.pid };
if (answer.sleepMs) record.child = spawn("sleep", ["60"], { stdio: "inherit" }).pid;
appendFileSync(join(folder, "calls.jsonl"), JSON.stringify(record) + "\\n");
if (answer.pipes) {
  const read = (name) => JSON.parse(inflateSync(Buffer.from(process.env[name], "base64")).toString());
  const context = JSON.parse(readFileSync(read("DAGSTER_PIPES_CONTEXT").path, "utf8"));
  appendFileSync(join(folder, "pipes-context.json"), JSON.stringify(context));
  const lines = answer.pipes.map((line) => JSON.stringify({ __dagster_pipes_version: "0.1", ...line }) + "\\n");
  appendFileSync(read("DAGSTER_PIPES_MESSAGES").path, lines.join(""));
}
if (answer.stderr) process.stderr.write(answer.stderr + "\\n");
if (answer.sleepMs) await new Promise((resolve) => setTimeout(resolve, answer.sleepMs));
process.stdout.write(answer.json === undefined ? (answer.stdout ?? "") : JSON.stringify(answer.json));
process.exitCode = answer.exitCode ?? 0;
`;

const GLOBAL_WORDS = new Set(["--config", "--state-path", "--state-namespace", "--output"]);

const withoutGlobals = (argv: readonly string[]): readonly string[] => {
  let at = 0;
  while (GLOBAL_WORDS.has(argv[at] ?? "")) at += 2;
  return argv.slice(at);
};

export const createRecordedEngine = (answers: readonly RecordedAnswer[]): RecordedEngine => {
  const folder = mkdtempSync(join(tmpdir(), "recorded-engine-"));
  const path = join(folder, "rocky.mjs");
  const all = [...answers, { when: ["--version"], stdout: "rocky 1.71.0\n" }];
  writeFileSync(join(folder, "answers.json"), JSON.stringify(all));
  writeFileSync(path, SCRIPT);
  chmodSync(path, 0o755);
  const log: RecordedEngine["log"] = () => {
    const file = join(folder, "calls.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as ReturnType<RecordedEngine["log"]>[number]);
  };
  return {
    path,
    folder,
    log,
    calls: () =>
      log()
        .map(({ argv }) => withoutGlobals(argv))
        .filter(([command]) => command !== "--version"),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
};
