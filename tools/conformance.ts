import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Outcome, title } from "./judges.ts";
import { releaseEnvironment, releaseNamed } from "./releases.ts";
import { type Choice, type Run, runsOf } from "./suites.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const baselineFile = join(root, "conformance/baseline.json");

const usage = `npm run conformance -- [--all] [--only SUITE[,SUITE]] [--project NAME[,NAME]] [--dagster VERSION]
                       [--jobs N] [--update]

  --all              every suite on every project (default: what continuous integration runs)
  --only SUITE       peer, engine, graph, e2e, embedded, or a folder of conformance/ such as browser
  --project NAME     only these projects of a judge
  --dagster VERSION  a Dagster other than the pinned one; oldest is the first that is served
  --jobs N           suites side by side (default: 2 where there are processors for them)
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
      dagster: { type: "string", default: "newest" },
      jobs: { type: "string" },
      update: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const choice = { all: values.all, suites: values.only?.split(","), projects: values.project?.split(",") };
  const outcomes = await conformance([{ ...choice, dagster: values.dagster }], {
    update: values.update,
    ...(values.jobs === undefined ? {} : { jobs: Number(values.jobs) }),
  });
  if (outcomes.length === 0) {
    console.error("Nothing to run: no suite and project of these names is here.");
    return 2;
  }
  return report(outcomes) ? 0 : 1;
}

interface ConformanceOptions {
  readonly update?: boolean;
  /** Suites that run side by side. They mostly wait for a host's intervals, so two share a processor well. */
  readonly jobs?: number;
}

/** One outcome per suite, project and release, in the order of the choices. */
export async function conformance(
  choices: readonly (Choice & { readonly dagster: string })[],
  options: ConformanceOptions = {},
): Promise<readonly Outcome[]> {
  const work = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const runs = await Promise.all(
      choices.map(async (choice) => {
        const release = releaseNamed(root, choice.dagster);
        return runsOf(root, choice, release, await releaseEnvironment(root, release, work));
      }),
    );
    const outcomes = await sideBySide(runs.flat(), options.jobs ?? Math.min(2, availableParallelism()));
    return settle(outcomes, options.update ?? false);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function sideBySide(runs: readonly Run[], jobs: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = runs.entries();
  const work = async (): Promise<void> => {
    for (const [place, run] of queue) outcomes[place] = await run();
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return outcomes;
}

/**
 * Compares with the recorded numbers, and raises them when asked to. They are those of the pinned release; another
 * one lacks some of what is compared, and there no failure is enough.
 */
function settle(outcomes: readonly Outcome[], update: boolean): readonly Outcome[] {
  const baseline = JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline;
  const settled = outcomes.map((outcome) => {
    const floor = outcome.release.isPinned ? baseline[outcome.suite]?.[outcome.name] : undefined;
    const regressed = floor !== undefined && outcome.passed < floor;
    const complete = outcome.failed === 0 && outcome.finished;
    return { ...outcome, ok: complete && !regressed, floor };
  });
  if (update) {
    for (const { suite, name, passed, floor, release } of settled) {
      if (release.isPinned) baseline[suite] = { ...baseline[suite], [name]: Math.max(passed, floor ?? 0) };
    }
    writeFileSync(baselineFile, `${JSON.stringify(baseline, null, 2)}\n`);
  }
  return settled;
}

/** Prints one line per outcome; true when all are good. */
export function report(outcomes: readonly Outcome[]): boolean {
  console.log("");
  for (const outcome of outcomes) {
    const { passed, failed, seconds, ok, floor } = outcome;
    const recorded = floor === undefined ? "" : ` (recorded: ${floor})`;
    const verdict = ok ? "ok  " : "FAIL";
    console.log(`${verdict} ${title(outcome)}: ${passed} passed, ${failed} failed${recorded}, ${seconds} s`);
  }
  return outcomes.every((outcome) => outcome.ok);
}
