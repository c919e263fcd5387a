import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensurePython, type PythonEnvironment } from "./python.ts";
import { type Outcome, runJudge, runSuite } from "./judges.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const shared = join(root, "../shared");
const baselineFile = join(root, "conformance/baseline.json");
const bin = (name: string) => join(root, "node_modules/.bin", name);

const usage = `npm run conformance -- [--all] [--only SUITE[,SUITE]] [--project NAME[,NAME]] [--dagster VERSION] [--update]

  --all              every suite on every project (default: what continuous integration runs)
  --only SUITE       peer, engine, graph, e2e, embedded, browser
  --project NAME     only these projects of a judge
  --dagster VERSION  a Dagster other than the pinned one
  --update           raise the recorded numbers of passed assertions in conformance/baseline.json`;

/** Passed assertions per suite and project. They may rise and never fall. */
type Baseline = Record<string, Record<string, number>>;

/** Runs our code against real peers. Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      all: { type: "boolean", default: false },
      only: { type: "string" },
      project: { type: "string" },
      dagster: { type: "string" },
      update: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const outcomes = await conformance({
    all: values.all,
    suites: values.only?.split(","),
    projects: values.project?.split(","),
    dagster: values.dagster,
    update: values.update,
  });
  if (outcomes.length === 0) {
    console.error("Nothing to run: no suite and project of these names is here.");
    return 2;
  }
  return report(outcomes) ? 0 : 1;
}

export interface ConformanceOptions {
  readonly all: boolean;
  readonly suites?: readonly string[] | undefined;
  readonly projects?: readonly string[] | undefined;
  readonly dagster?: string | undefined;
  readonly update: boolean;
}

/** One outcome per suite and project. */
export async function conformance(options: ConformanceOptions): Promise<readonly Outcome[]> {
  const work = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const python = peerEnvironment(options.dagster, work);
    // Everything that is started inherits it, so that payloads are written for that release.
    if (options.dagster !== undefined) process.env.DAGSTER_HOST_VERSION = options.dagster;
    const outcomes: Outcome[] = [];
    for (const plan of plans(options, python)) outcomes.push(await plan());
    return settle(outcomes, options.update, options.dagster === undefined);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The pinned peers, or the same with another Dagster release (its libraries follow the same minor). */
function peerEnvironment(dagster: string | undefined, work: string): PythonEnvironment {
  const pinned = join(root, "conformance/requirements.txt");
  if (dagster === undefined) return ensurePython(root, "conformance", pinned);
  const library = dagster.replace(/^1\.(\d+)/, (_all, minor: string) => `0.${Number(minor) + 16}`);
  const text = readFileSync(pinned, "utf8")
    .replace(/^(dagster|dagster-webserver)==.*$/gm, `$1==${dagster}`)
    .replace(/^dagster-postgres==.*$/m, `dagster-postgres==${library}`)
    .replace(/^dagster-rocky==.*\n/m, "");
  const requirements = join(work, `requirements-${dagster}.txt`);
  writeFileSync(requirements, text);
  return ensurePython(root, `conformance-${dagster}`, requirements);
}

function plans(options: ConformanceOptions, python: PythonEnvironment): readonly (() => Promise<Outcome>)[] {
  const wanted = (suite: string) => options.suites === undefined || options.suites.includes(suite);
  const chosen = (project: string) =>
    options.projects === undefined || options.projects.includes(basename(project));
  const every: (() => Promise<Outcome>)[] = [];
  if (wanted("peer")) {
    for (const script of peerScripts(options.dagster))
      every.push(() => runSuite("peer", script, python, root));
  }
  if (!existsSync(join(shared, "conformance"))) return every;

  const projects = projectFolders(join(shared, "conformance")).filter(chosen);
  const check = join(shared, "conformance/check.py");
  const judge = (suite: string, project: string, argv: readonly string[]) => () =>
    runJudge(suite, basename(project), python.python, [...argv, project]);
  if (wanted("engine")) {
    for (const project of projects) {
      every.push(judge("engine", project, [check, "engine", "--rocky", bin("rocky")]));
    }
  }
  const location = [
    "--serve",
    `${bin("dagster-rocky")} serve --project {project} --host 127.0.0.1 --port {port}`,
    "--refresh",
    `${bin("dagster-rocky")} refresh --project {project}`,
  ];
  if (wanted("graph")) {
    for (const project of projects) {
      every.push(judge("graph", project, [check, "graph", ...location, "--rocky-bin", bin("rocky")]));
    }
  }
  const modes = ["shop_dag", "shop_std"].map((name) => join(shared, "e2e", name));
  const endToEnd = (options.all ? [...modes, join(shared, "conformance/retail_orders")] : modes).filter(
    chosen,
  );
  const e2e = [join(shared, "e2e/e2e.py"), ...location];
  if (wanted("e2e")) {
    for (const project of endToEnd) {
      every.push(judge("e2e", project, [...e2e, "--rocky-bin", bin("rocky")]));
    }
  }
  if (wanted("embedded") && (options.all || options.suites !== undefined)) {
    for (const project of endToEnd) every.push(judge("embedded", project, [...e2e, "--embedded"]));
  }
  return every;
}

/** The calendar is that of the pinned release; older ones place ticks differently in zones of half hours. */
const pinnedOnly: ReadonlySet<string> = new Set(["partitions"]);

/** Our own comparisons with a running Dagster: every `conformance/<name>/run.ts`. */
function peerScripts(dagster: string | undefined): readonly string[] {
  return readdirSync(join(root, "conformance"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "conformance", entry.name, "run.ts")))
    .map((entry) => entry.name)
    .filter((name) => dagster === undefined || !pinnedOnly.has(name))
    .sort();
}

function projectFolders(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "steps.json")))
    .sort();
}

/** Compares with the recorded numbers, and raises them when asked to. */
/** Another release than the pinned one lacks some of what is compared: there, no failure is enough. */
function settle(outcomes: readonly Outcome[], update: boolean, hasFloors: boolean): readonly Outcome[] {
  const baseline = JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline;
  const settled = outcomes.map((outcome) => {
    const floor = hasFloors ? baseline[outcome.suite]?.[outcome.name] : undefined;
    const regressed = floor !== undefined && outcome.passed < floor;
    const complete = outcome.failed === 0 && outcome.finished;
    return { ...outcome, ok: complete && !regressed, floor };
  });
  if (update && hasFloors) {
    for (const { suite, name, passed, floor } of settled) {
      const numbers = baseline[suite] ?? {};
      baseline[suite] = { ...numbers, [name]: Math.max(passed, floor ?? 0) };
    }
    writeFileSync(baselineFile, `${JSON.stringify(baseline, null, 2)}\n`);
  }
  return settled;
}

/** Prints one line per outcome; true when all are good. */
export function report(outcomes: readonly Outcome[]): boolean {
  console.log("");
  for (const { suite, name, passed, failed, seconds, ok, floor } of outcomes) {
    const recorded = floor === undefined ? "" : ` (recorded: ${floor})`;
    const verdict = ok ? "ok  " : "FAIL";
    console.log(`${verdict} ${suite} ${name}: ${passed} passed, ${failed} failed${recorded}, ${seconds} s`);
  }
  return outcomes.every((outcome) => outcome.ok);
}
