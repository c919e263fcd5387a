/**
 * Looks at the example through the real Dagster UI, as a person would, and counts the texts that are there.
 * PEER_PYTHON names the interpreter that holds the stock webserver and daemon; Chromium comes from the system.
 * `--pictures` writes the pictures of the README; without it they go to a folder that git does not see.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { prepareHome, startHost } from "../../tools/host.ts";
import { materializeAll } from "../../tools/materialize-all.ts";
import { freePort, Processes } from "../../tools/processes.ts";
import { createWitness, type Witness } from "./look.ts";
import { preferences, tour } from "./tour.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster-rocky/bin/dagster-rocky.js");
// Inside the repository, so that the example finds the installed packages.
const work = join(root, ".work/browser");

const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function main(): Promise<number> {
  const python = process.env.PEER_PYTHON;
  if (!python || !chromiumPath) {
    console.log("PEER_PYTHON and a system Chromium are needed");
    console.log("0 passed, 1 failed");
    return 1;
  }
  rmSync(work, { recursive: true, force: true });
  const forReadme = process.argv.includes("--pictures");
  const witness = createWitness(forReadme ? join(root, "docs/images") : join(work, "pictures"), forReadme);
  const processes = new Processes();
  const leave = (): void => void processes.stop().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    await visit(processes, python, chromiumPath, witness);
  } catch (error) {
    witness.verdict("the visit", false, error instanceof Error ? error.message : String(error));
  } finally {
    await processes.stop();
  }
  console.log(`${witness.passed} passed, ${witness.failed} failed`);
  return witness.failed === 0 ? 0 : 1;
}

async function visit(
  processes: Processes,
  python: string,
  executablePath: string,
  witness: Witness,
): Promise<void> {
  const project = join(work, "quickstart");
  cpSync(join(root, "examples/quickstart"), project, {
    recursive: true,
    filter: (source) => !/\.local_defs_state|\.duckdb|\.rocky/.test(source),
  });
  node([join(project, "seed.mjs")], project);
  node([entry, "refresh", "--project", project], project);

  const home = join(work, "home");
  const port = await freePort();
  prepareHome(home, port);
  processes.start(
    "code location",
    process.execPath,
    [entry, "serve", "--project", project, "--host", "127.0.0.1", "--port", String(port)],
    { cwd: project, env: { DAGSTER_HOME: home }, log: join(home, "code-location.log") },
  );
  const bin = dirname(python);
  const host = await startHost(processes, { python, script: (name) => join(bin, name) }, home, 0);
  const reports = await materializeAll(host.graphql);
  for (const { runId, status, error } of reports) {
    witness.verdict(`run ${runId}`, status === "SUCCESS", `it ended in ${status}: ${error ?? ""}`);
  }

  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath, args: quiet });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript({ content: preferences });
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    await tour(page, witness, { origin: host.origin, runId: reports[0]?.runId ?? "" });
  } finally {
    await browser?.close();
  }
}

function node(args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with exit code ${status}: ${stderr}`);
}

process.exitCode = await main();
