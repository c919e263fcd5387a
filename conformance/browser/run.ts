/**
 * Looks at the example through the real Dagster UI, as a person would, and takes the README's pictures.
 * The interpreter with the stock webserver and daemon is in PEER_PYTHON; Chromium comes from the system.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { prepareHome, startHost } from "../../tools/host.ts";
import { materializeAll } from "../../tools/materialize-all.ts";
import { freePort, Processes } from "../../tools/processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster-rocky/bin/dagster-rocky.js");
const pictures = join(root, "docs/images");
const patience = 30_000;

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

let passed = 0;
let failed = 0;

/** One look at one page: it passes when every text is visible within `patience`. */
async function look(page: Page, what: string, texts: readonly (string | RegExp)[]): Promise<void> {
  for (const text of texts) {
    try {
      await page.getByText(text).first().waitFor({ state: "visible", timeout: patience });
      passed += 1;
    } catch {
      failed += 1;
      console.log(`FAIL ${what}: '${text}' is not shown at ${page.url()}`);
    }
  }
}

async function main(): Promise<number> {
  const python = process.env["PEER_PYTHON"];
  if (!python || !chromiumPath) {
    console.log("PEER_PYTHON and a system Chromium are needed");
    console.log("0 passed, 1 failed");
    return 1;
  }
  // Inside the repository, so that the example finds the installed packages.
  const work = join(root, ".dagster-home/browser");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const project = join(work, "quickstart");
  cpSync(join(root, "examples/quickstart"), project, {
    recursive: true,
    filter: (source) => !/\.local_defs_state|\.duckdb|\.rocky/.test(source),
  });
  node([join(project, "seed.mjs")], project);
  node([entry, "refresh", "--project", project], project);

  const processes = new Processes();
  let browser: Browser | undefined;
  try {
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
    const environment = { python, script: (name: string) => join(bin, name) };
    const host = await startHost(processes, environment, home, 0);
    const reports = await materializeAll(host.graphql);
    for (const report of reports) {
      if (report.status === "SUCCESS") passed += 1;
      else {
        failed += 1;
        console.log(`FAIL run ${report.runId} ended in ${report.status}: ${report.error ?? ""}`);
      }
    }
    browser = await chromium.launch({ executablePath: chromiumPath, args: quiet });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await tour(page, host.origin, reports[0]?.runId ?? "");
  } finally {
    await browser?.close();
    await processes.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function tour(page: Page, origin: string, runId: string): Promise<void> {
  const shot = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });

  await page.goto(`${origin}/asset-groups`);
  await look(page, "asset graph", ["staging", "marts", "crm", "web"]);
  await shot("asset-graph");

  await page.goto(`${origin}/assets/duckdb/web/orders`);
  await look(page, "asset page", [
    "Latest materialization",
    "dagster-rocky/target_table_full_name",
    "data-platform",
  ]);
  await shot("asset-page");

  await page.goto(`${origin}/assets/duckdb/web/orders?view=checks`);
  await look(page, "asset checks", ["row_count", "column_match", "freshness", "order_id_present"]);
  await shot("asset-checks");

  await page.goto(`${origin}/assets/shop/marts/dim_customers`);
  await look(page, "column lineage", ["dagster/column_lineage"]);
  const lineage = page.locator("tr", { hasText: "dagster/column_lineage" });
  await lineage.first().getByRole("button").first().click();
  await look(page, "column lineage in full", [/lifetime_value/]);
  await shot("column-lineage");

  await page.goto(`${origin}/assets/shop/marts/daily_revenue?view=partitions`);
  await look(page, "partitions", ["2026-11-01"]);
  await shot("partitions");

  await page.goto(`${origin}/runs/${runId}`);
  await look(page, "run log", ["RUN_SUCCESS", "STEP_START", "ASSET_MATERIALIZATION"]);
  await shot("run-log");
}

function node(args: readonly string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: "inherit" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with exit code ${status}`);
}

process.exitCode = await main();
