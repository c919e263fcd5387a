/**
 * The README's five minutes, as a new user has them: a clone in an empty folder, `npm start -- --once`, twice. What is
 * not committed is not in it. Python comes from PATH, Dagster from its package index.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

let passed = 0;
let failed = 0;

function verdict(what: string, good: boolean, otherwise: string): void {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAIL ${what}: ${otherwise}`);
  }
}

const run = (command: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> =>
  spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 900_000,
    maxBuffer: 1 << 26,
    env: userEnvironment(),
  });

/** npm tells its children about the project that they were started from. */
const userEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|DAGSTER_|PEER_|ROCKY_|INIT_CWD)/.test(name)),
  );

/** What a released archive holds: no history, and nothing that a build made. */
const copySources = (to: string): void =>
  cpSync(root, to, {
    recursive: true,
    filter: (source) =>
      !/\/(node_modules|dist|\.venv|\.work|\.dagster-home|\.local_defs_state)$/.test(source),
  });

function startOnce(clone: string, which: string): void {
  const started = Date.now();
  const { status, stdout, stderr } = run("npm", ["start", "--", "--once"], clone);
  const output = `${stdout}${stderr}`;
  console.log(`${which} run: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  verdict(`${which} run`, status === 0, `exit code ${status}\n${output.slice(-3000)}`);
  const runs = [...stdout.matchAll(/^Run \S+: (\w+)$/gm)].map(([, state]) => state);
  verdict(`${which} run's runs`, runs.join() === "SUCCESS,SUCCESS", runs.join() || "none was printed");
  for (const asset of ["duckdb/web/orders", "shop/marts/dim_customers", "shop/marts/daily_revenue"]) {
    verdict(`${which} run's table`, stdout.includes(asset), `${asset} is not in it`);
  }
}

function main(): number {
  const work = mkdtempSync(join(tmpdir(), "fresh-clone-"));
  const clone = join(work, "rocky");
  try {
    const isRepository = existsSync(join(root, ".git"));
    if (isRepository) {
      const cloned = run("git", ["clone", "--quiet", "--no-hardlinks", root, clone], work);
      verdict("git clone", cloned.status === 0, cloned.stderr);
    } else copySources(clone);
    startOnce(clone, "first");
    startOnce(clone, "second");
    const { stdout } = isRepository ? run("git", ["status", "--porcelain"], clone) : { stdout: "" };
    verdict("the tree stays clean", stdout === "", stdout);
    const left = run("ps", ["-eo", "args"], work)
      .stdout.split("\n")
      .filter((line) => line.includes(clone));
    verdict("nothing goes on running", left.length === 0, left.join("\n"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
