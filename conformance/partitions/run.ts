/**
 * Compares partitions with the Python host over generated definitions: keys, windows and ranges of time windows, and
 * what partition mappings of every kind lead to.
 *
 *     node tools/run-ts.mjs conformance/partitions/run.ts [--python PYTHON] [--keys 10000] [--mappings 3000] [--seed 1]
 *
 * The interpreter (default: `PEER_PYTHON`) must have `dagster` installed. Exit code 0 when all agree.
 */
import { parseArgs } from "node:util";
import { generateCases } from "./cases.ts";
import { keysOf } from "./keys.ts";
import { generateMappingCases } from "./mapping-cases.ts";
import { mappedKeys } from "./mappings.ts";
import { askPeer } from "./peer.ts";
import { isBefore113 } from "../host-version.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    keys: { type: "string", default: "10000" },
    mappings: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "10" },
  },
});
const python = values.python ?? process.env.PEER_PYTHON ?? "python3";
const seed = Number(values.seed);

let passed = 0;
let failed = 0;

async function compare<C>(
  what: string,
  script: string,
  cases: readonly C[],
  ours: (case_: C) => object,
): Promise<void> {
  const answers = await askPeer<{ readonly error?: string }>(python, script, cases);
  let refused = 0;
  for (const [i, case_] of cases.entries()) {
    const expected = answers[i] ?? { error: "no answer" };
    // Where the host itself breaks or refuses there is nothing to compare with.
    if (expected.error !== undefined) {
      refused++;
      continue;
    }
    const found = attempt(() => ours(case_));
    if (JSON.stringify(found) === JSON.stringify(expected)) {
      passed++;
      continue;
    }
    failed++;
    if (failed > Number(values.show)) continue;
    console.log(`FAIL ${what}: ${JSON.stringify(case_)}`);
    console.log(`  host ${JSON.stringify(expected)}`);
    console.log(`  ours ${JSON.stringify(found)}`);
  }
  console.log(`${what}: ${cases.length} definitions, ${refused} of which the host refuses`);
}

function attempt(action: () => object): object {
  try {
    return action();
  } catch (error) {
    return { error: String(error) };
  }
}

/** Dagster 1.12 still placed the ticks of some hours otherwise where clocks differ from UTC by part of an hour. */
const PART_HOURS = ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"];

const cases = generateCases(Number(values.keys), seed).filter(
  ({ timezone }) => !isBefore113 || !PART_HOURS.includes(timezone),
);
await compare("keys", "./peer_keys.py", cases, keysOf);
await compare(
  "mappings",
  "./peer_mappings.py",
  generateMappingCases(Number(values.mappings), seed),
  mappedKeys,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
