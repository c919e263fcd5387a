import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { conformance, report } from "./conformance.ts";
import { findPython } from "./python.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const isCi = process.env.CI === "true";

/** What could come out differently on the oldest release: all that its host reads, writes or asks for. */
const DIFFER_BY_RELEASE = {
  suites: [
    "definitions",
    "wire",
    "worker",
    "code-location",
    "serving",
    "automation",
    "typescript-location",
    "e2e",
  ],
  projects: ["shop_std"],
};

/** Checks, unit tests, and the comparison with real peers. Gives the exit code. */
export async function main(_args: readonly string[]): Promise<number> {
  if (!findPython() && isCi) {
    console.error("Python 3.10 or newer with venv is required when CI=true: the peers run on it.");
    return 1;
  }
  step("check");
  const units = step("unit");
  if (!isCi) {
    console.log("\nThe comparison with real peers is a command of its own: npm run conformance");
    return 0;
  }
  const outcomes = await conformance([
    { dagster: "newest", all: false },
    { dagster: "oldest", all: false, ...DIFFER_BY_RELEASE },
  ]);
  const good = report(outcomes);
  const passed = outcomes.reduce((total, outcome) => total + outcome.passed, units);
  const broken = outcomes.filter((outcome) => !outcome.ok).length;
  console.log(`\n${passed} passed, ${broken} failed`);
  return good ? 0 : 1;
}

/** Runs an npm script; stops the process when it fails. Gives the number of passed tests that it printed. */
function step(script: string): number {
  const { status, stdout } = spawnSync("npm", ["run", "--silent", script], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout);
  if (status !== 0) {
    console.error(`npm run ${script} failed`);
    process.exit(status ?? 1);
  }
  const plain = stdout.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
  return Number(/Tests\s+(\d+) passed/.exec(plain)?.[1] ?? 0);
}
