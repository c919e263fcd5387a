import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { prepareHome, startHost } from "./host.ts";
import { type BuiltAsset, materializeAll, type RunReport } from "./materialize-all.ts";
import { freePort, Processes } from "./processes.ts";
import { ensurePython, findPython } from "./python.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster-rocky/bin/dagster-rocky.js");

const usage = `npm start -- [--once] [--project DIR] [--port N] [--no-host]

  --once         materialize everything through Dagster's run queue, print what was built and stop;
                 the exit code is 0 only when all of it is green
  --project DIR  another project than examples/quickstart
  --port N       port of the web page (default 3000, or a free one when 3000 is taken)
  --no-host      serve the code location only`;

/** Runs the main job: example project, code location, webserver and daemon. Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: "boolean", default: false },
      project: { type: "string", default: join(root, "examples/quickstart") },
      port: { type: "string", default: "3000" },
      "no-host": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const project = resolve(values.project);
  prepareProject(project);

  const python = values["no-host"] ? undefined : findPython();
  if (!python && values.once) {
    console.error("--once needs the stock Dagster, and so Python 3.10 or newer with venv on PATH.");
    return 1;
  }

  const processes = new Processes();
  const interrupted = new Promise<"interrupted">((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done("interrupted"));
  });
  try {
    const work = serve(processes, project, {
      once: values.once,
      port: Number(values.port),
      hostless: python ? "no" : values["no-host"] ? "asked" : "no Python",
    });
    const outcome = await Promise.race([work, interrupted]);
    return outcome === "interrupted" ? (values.once ? 130 : 0) : outcome;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await processes.stop();
  }
}

/** Seeds the example's sources and refreshes the component state. */
function prepareProject(project: string): void {
  const seed = join(project, "seed.mjs");
  if (existsSync(seed)) node([seed], project);
  node([entry, "refresh", "--project", project], project);
}

function node(args: readonly string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with exit code ${status}`);
}

async function serve(
  processes: Processes,
  project: string,
  options: {
    readonly once: boolean;
    readonly port: number;
    /** Why there is no host, when there is none. */
    readonly hostless: "no" | "asked" | "no Python";
  },
): Promise<number> {
  const home = join(root, ".dagster-home");
  if (options.once) rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });

  const locationPort = await freePort(4266);
  prepareHome(home, locationPort);
  const location = ["serve", "--project", project, "--host", "127.0.0.1", "--port", String(locationPort)];
  processes.start("code location", process.execPath, [entry, ...location], {
    cwd: project,
    env: { DAGSTER_HOME: home },
    log: join(home, "code-location.log"),
  });

  if (options.hostless !== "no") {
    const why =
      options.hostless === "asked" ? "" : " No Python 3.10+ was found, so the web page is not started.";
    console.log(`Code location of ${project} on 127.0.0.1:${locationPort} (gRPC).${why}`);
    console.log("Point any Dagster at it:");
    console.log(`\n  dagster dev -w ${join(home, "workspace.yaml")}\n\nCtrl-C stops it.`);
    return ended(processes);
  }

  const python = await ensurePython(root, "host", join(root, "tools/requirements.txt"));
  const host = await startHost(processes, python, home, options.port);
  if (options.once) {
    const reports = await materializeAll(host.graphql);
    printReports(reports);
    return reports.every((report) => report.status === "SUCCESS") ? 0 : 1;
  }
  console.log(`\nDagster is at ${host.origin}\nLogs are in ${home}. Ctrl-C stops everything.`);
  return ended(processes);
}

async function ended(processes: Processes): Promise<number> {
  const name = await processes.firstToEnd();
  console.error(`The ${name} ended by itself; see its log.`);
  return 1;
}

const columns: readonly (readonly [heading: string, cell: (asset: BuiltAsset) => string])[] = [
  ["asset", ({ asset }) => asset],
  ["rows written", ({ written }) => written],
  ["partitions", ({ partitions }) => (partitions === 0 ? "" : String(partitions))],
  ["seconds", ({ seconds }) => seconds],
  ["checks", ({ checks }) => checks],
];

function assetTable(assets: readonly BuiltAsset[]): string {
  const rows = [
    columns.map(([heading]) => heading),
    ...assets.map((one) => columns.map(([, cell]) => cell(one))),
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}`;
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

function printReports(reports: readonly RunReport[]): void {
  for (const report of reports) {
    console.log(`\nRun ${report.runId}: ${report.status}`);
    if (report.error) console.log(report.error);
    if (report.assets.length > 0) console.log(assetTable(report.assets));
  }
}
