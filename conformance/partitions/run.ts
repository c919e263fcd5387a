/**
 * Compares time-window partition keys with the Python host over generated definitions.
 *
 *     node --import jiti/register conformance/partitions/run.ts [--python PYTHON] [--cases 2000] [--seed 1]
 *
 * The interpreter (default: `PEER_PYTHON`) must have `dagster` installed. Exit code 0 when all agree.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  cronPartitions,
  partitionKeys,
  partitionKeysInRange,
  partitionWindow,
} from "../../packages/dagster/src/index.ts";
import { type Case, generateCases } from "./cases.ts";

interface Answer {
  readonly error?: string;
  readonly start?: number;
  readonly end?: number | null;
  readonly count?: number;
  readonly head?: readonly string[];
  readonly tail?: readonly string[];
  readonly digest?: string;
  readonly windows?: readonly (readonly [number, number])[];
  readonly range?: string | null;
}

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "10" },
  },
});
const python = values.python ?? process.env.PEER_PYTHON ?? "python3";
const digest = (keys: readonly string[]): string => createHash("sha1").update(keys.join("\n")).digest("hex");

function ours(case_: Case): Answer {
  const definition = cronPartitions({
    cron: case_.cron,
    timezone: case_.timezone,
    start: case_.start,
    ...(case_.end === null ? {} : { end: case_.end }),
    format: case_.fmt,
    endOffset: case_.end_offset,
    exclusions: case_.exclusions.map((item) => (typeof item === "string" ? item : item.wall)),
  });
  const context = { now: case_.now, dynamicKeys: () => [] };
  const keys = partitionKeys(definition, context);
  const sample = case_.sample.flatMap((i) => keys[i] ?? []);
  const [first] = sample;
  const last = sample.at(-1);
  const windows = sample.map((key) => partitionWindow(definition, key));
  const range =
    first === undefined || last === undefined || sample.length < 2
      ? null
      : digest(partitionKeysInRange(definition, { start: first, end: last }, context));
  return {
    start: definition.start,
    end: definition.end ?? null,
    count: keys.length,
    head: keys.slice(0, 5),
    tail: keys.slice(-5),
    digest: digest(keys),
    windows: windows.map(({ start, end }) => [start, end] as const),
    range,
  };
}

const cases = generateCases(Number(values.cases), Number(values.seed));
const peer = spawnSync(python, [fileURLToPath(new URL("./peer_keys.py", import.meta.url))], {
  input: `${cases.map((case_) => JSON.stringify(case_)).join("\n")}\n`,
  encoding: "utf8",
  maxBuffer: 1 << 30,
  stdio: ["pipe", "pipe", "inherit"],
});
if (peer.status !== 0) throw new Error(`the peer ended with ${peer.status ?? peer.signal}`);
const answers = peer.stdout.trim().split("\n");

let failed = 0;
let hostFailed = 0;
for (const [i, case_] of cases.entries()) {
  const expected = JSON.parse(answers[i] ?? "{}") as Answer;
  let found: Answer;
  try {
    found = ours(case_);
  } catch (error) {
    found = { error: String(error) };
  }
  if (expected.error !== undefined) hostFailed++;
  // Where the host itself breaks (its own invariants fail for a few zones) there is nothing to compare with.
  const agree = expected.error !== undefined || JSON.stringify(found) === JSON.stringify(expected);
  if (agree) continue;
  failed++;
  if (failed <= Number(values.show)) {
    console.log(JSON.stringify(case_));
    console.log(`  host ${JSON.stringify(expected)}`);
    console.log(`  ours ${JSON.stringify(found)}`);
  }
}
if (hostFailed > 0) console.log(`the host could not enumerate ${hostFailed} of them`);
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
