/**
 * Schedules, sensors, automation conditions, freshness policies and backfills of a TypeScript location, with the stock
 * daemon doing its work: nothing is asked of the location that the daemon does not ask by itself. The interpreter with
 * Dagster is in PEER_PYTHON.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import { prepareHome, startHost } from "../../tools/host.ts";
import { freePort, Processes, waitFor } from "../../tools/processes.ts";
import { Report } from "../report.ts";
import { Shop } from "../code-location/shop.ts";
import {
  addPartition,
  allRuns,
  backfill,
  backfillStatus,
  evaluations,
  freshness,
  launch,
  type LaunchedRun,
  materializedPartitions,
  reported,
  ticks,
} from "./questions.ts";
import { isBefore113 } from "../host-version.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const python = process.env.PEER_PYTHON ?? "";
const report = new Report();
const processes = new Processes();
const START = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
const DAYS = [1, 2, 3, 4, 5].map((day) => `2026-01-0${day}`);

/** Passes when `probe` gives what is wanted before the time is over; shows the last answer when it does not. */
async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T>,
  isWanted: (found: T) => boolean,
): Promise<T | undefined> {
  let last: T | undefined;
  const found = await waitFor(what, seconds, async () => {
    last = await probe();
    return isWanted(last) ? last : undefined;
  }).catch(() => undefined);
  report.check(what, found !== undefined, last);
  return found;
}

const bySensor =
  (name: string) =>
  (run: LaunchedRun): boolean =>
    run.tags["dagster/sensor_name"] === name;

/** Some run that fits has succeeded. */
const runOf = (graphql: DagsterGraphql, what: string, fits: (run: LaunchedRun) => boolean, seconds = 60) =>
  eventually(
    what,
    seconds,
    async () => (await allRuns(graphql)).filter(fits),
    (runs) => runs.some(({ status }) => status === "SUCCESS"),
  );

/**
 * Materializes `asset` again whenever it is at rest. One update a minute would not do for a condition on what follows
 * a tick of the clock: the daemon counts no update that it first sees together with the tick.
 */
async function whileUpdating<T>(graphql: DagsterGraphql, asset: string, work: Promise<T>): Promise<T> {
  const shop = new Shop(graphql);
  let isOver = false;
  const updates = (async () => {
    while (!isOver) {
      await shop.ended(await shop.launch([asset]));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
  updates.catch(() => {}); // It is thrown where it is awaited.
  try {
    return await work;
  } finally {
    isOver = true;
    await updates;
  }
}

const has =
  (...assets: string[]) =>
  (run: LaunchedRun): boolean =>
    run.tags["dagster/from_automation_condition"] === "true" &&
    assets.every((asset) => run.assets.includes(asset));

async function judgeSensors(graphql: DagsterGraphql): Promise<void> {
  const counting = await eventually(
    "a cursor moves on, and a run key launches once",
    60,
    () => ticks(graphql, "counting"),
    (found) => found.some(({ skipReason }) => skipReason === "counted to three"),
  );
  const keys = (await allRuns(graphql))
    .filter(bySensor("counting"))
    .map(({ tags }) => tags["dagster/run_key"]);
  report.check("its run keys", keys.toSorted().join() === "run-1,run-2", keys);
  const said = counting?.flatMap(({ logEvents }) => logEvents.events.map(({ message }) => message)) ?? [];
  report.check("what it says is in the log of its tick", said.includes("tick 1"), said);
  await runOf(
    graphql,
    "an asset sensor's run",
    (run) => bySensor("on_asset")(run) && run.tags.event !== undefined,
  );
  await runOf(graphql, "a multi-asset sensor's run", bySensor("on_assets"));
  await runOf(graphql, "a run status sensor's run", bySensor("on_success"));
  await runOf(graphql, "a failure sensor's run knows the step", (run) => run.tags.step === "broken");
  await runOf(
    graphql,
    "a sensor adds a dynamic partition and launches it",
    (run) => bySensor("adding_regions")(run) && run.tags["dagster/partition"] === "eu",
  );
  await eventually(
    "it deletes another",
    30,
    async () =>
      (await ticks(graphql, "adding_regions")).flatMap((tick) => tick.dynamicPartitionsRequestResults),
    (found) =>
      found.some(({ type, partitionKeys }) => type.startsWith("DELETE") && partitionKeys.join() === "us"),
  );
  await eventually(
    "a partition that does not exist is an error of the tick",
    30,
    async () => (await ticks(graphql, "asking_too_much")).map(({ error }) => error?.message ?? ""),
    (found) => found.some((message) => /asked for partition `mars`, which does not exist/.test(message)),
  );
  const wanted = {
    made: [[{ label: "rows", intValue: 7 }]],
    seen: [["seen"]],
    checks: [["counted", "FAILED"]],
  };
  await eventually(
    "a sensor reports what happened outside of runs",
    30,
    () => reported(graphql, "elsewhere"),
    (found) => JSON.stringify(found) === JSON.stringify(wanted),
  );
}

async function judgeAutomation(graphql: DagsterGraphql): Promise<void> {
  await runOf(graphql, "eager, with what follows in the same run", has("eager", "eager_chain"));
  await runOf(
    graphql,
    "on_missing takes a partition that is added",
    (run) => has("on_missing")(run) && run.tags["dagster/partition"] === "apac",
  );
  await runOf(graphql, "a condition on the tags of a dependency's run", has("on_tagged_run"));
  await runOf(graphql, "a condition on the checks of a dependency", has("on_passed_check"));
  await runOf(graphql, "a condition that ignores a dependency", has("ignoring"));
  await runOf(graphql, "eager on a check", (run) => run.checks.includes("eager_check"));
  await runOf(
    graphql,
    "eager on partitions takes the latest one",
    (run) => has("eager_daily")(run) && run.tags["dagster/partition"] === DAYS.at(-1),
  );
  report.check(
    "and no other",
    (await materializedPartitions(graphql, "eager_daily")).join() === DAYS.at(-1),
    await materializedPartitions(graphql, "eager_daily"),
  );
  if (!isBefore113) {
    await runOf(graphql, "a job whose root is missing", ({ jobName }) => jobName === "rooted", 90);
  }
  await whileUpdating(graphql, "often", runOf(graphql, "on_cron, after its minute", has("on_cron"), 180));
  const { assetNodes } = await graphql.query<{ assetNodes: { assetKey: { path: string[] } }[] }>(
    "{ assetNodes { assetKey { path } } }",
  );
  const probes = assetNodes
    .map(({ assetKey }) => assetKey.path.join("/"))
    .filter((key) => /^probe_/.test(key));
  report.check("there are probes", probes.length > 30, probes);
  for (const probe of probes) {
    const [newest] = await evaluations(graphql, probe);
    report.check(`the daemon evaluates ${probe.slice(6)}`, newest?.numRequested === 0, newest);
  }
  const failed = (await ticks(graphql, "automation")).filter(({ status }) => status === "FAILURE");
  report.check("no tick of the automation sensor failed", failed.length === 0, failed);
}

async function judgeSchedules(graphql: DagsterGraphql): Promise<void> {
  const by = (name: string) => (run: LaunchedRun) => run.tags["dagster/schedule_name"] === name;
  await runOf(graphql, "a cron schedule's run", by("every_minute"), 90);
  const runs = await runOf(graphql, "a partitioned schedule's run", by("by_minute"), 90);
  const run = runs?.find(({ status }) => status === "SUCCESS");
  const partition = run?.tags["dagster/partition"] ?? "";
  const isOver = partition >= START && partition < new Date().toISOString().slice(0, 16);
  report.check("it is of a minute that is over", isOver, run?.tags);
  report.check("it carries the tags", run?.tags.by === "minute", run?.tags);
}

interface Backfill {
  readonly asset: string;
  readonly id: string;
  readonly partitions: readonly string[];
  readonly runs: number;
}

async function launchBackfills(graphql: DagsterGraphql): Promise<readonly Backfill[]> {
  const grid = ["2026-01-01|a", "2026-01-01|b", "2026-01-03|b"];
  const wanted = [
    { asset: "in_one_run", partitions: DAYS, runs: 1 },
    { asset: "in_runs_of_two", partitions: DAYS, runs: 3 },
    { asset: "grid", partitions: grid, runs: 3 },
  ];
  return Promise.all(
    wanted.map(async (each) => ({ ...each, id: await backfill(graphql, [each.asset], each.partitions) })),
  );
}

async function judgeBackfills(graphql: DagsterGraphql, launched: readonly Backfill[]): Promise<void> {
  for (const { asset, id, partitions, runs } of launched) {
    await eventually(
      `the backfill of ${asset} ends`,
      90,
      () => backfillStatus(graphql, id),
      (status) => status === "COMPLETED_SUCCESS",
    );
    const own = (await allRuns(graphql)).filter(({ tags }) => tags["dagster/backfill"] === id);
    report.check(`it took ${runs} runs`, own.length === runs, own);
    const made = await materializedPartitions(graphql, asset);
    report.check("each partition was made once", made.join() === partitions.join(), made);
  }
}

async function judgeFreshness(graphql: DagsterGraphql): Promise<void> {
  const becomes = (asset: string, state: string, seconds: number) =>
    eventually(
      `${asset} is ${state}`,
      seconds,
      () => freshness(graphql, asset),
      (found) => found === state,
    );
  await becomes("fresh", "HEALTHY", 60);
  await becomes("stale", "DEGRADED", 120);
}

async function main(): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), "automation-"));
  const leave = (): void => void processes.stop().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  // Inherited by the location and its workers, and by the daemon.
  process.env.AUTOMATION_START = START;
  process.env.FRESHNESS_DAEMON_INTERVAL_SECONDS = "5";
  try {
    if (python === "") throw new Error("PEER_PYTHON is needed");
    const project = join(work, "project");
    cpSync(join(here, "project"), project, { recursive: true });
    mkdirSync(join(project, "node_modules"));
    symlinkSync(join(root, "node_modules/@dagster-rocky"), join(project, "node_modules/@dagster-rocky"));
    const home = join(work, "home");
    const port = await freePort();
    prepareHome(home, port);
    const command = join(root, "packages/dagster/bin/dagster-ts.js");
    const args = [command, "serve", "--project", project, "--host", "127.0.0.1", "--port", `${port}`];
    const log = join(home, "location.log");
    processes.start("location", process.execPath, args, { cwd: project, env: { DAGSTER_HOME: home }, log });
    const environment = { python, script: (name: string) => join(dirname(python), name) };
    const { graphql } = await startHost(processes, environment, home, 0);
    const shop = new Shop(graphql);
    // What takes longest to show begins first.
    await shop.launch(["stale", "fresh"]);
    const backfills = await launchBackfills(graphql);
    if (!isBefore113) await shop.startSensor("default_automation_condition_sensor");
    await eventually(
      "sensors begin to tick",
      60,
      () =>
        Promise.all(
          ["automation", "on_asset", "on_success", "on_failure"].map((name) => ticks(graphql, name)),
        ),
      (found) => found.every((some) => some.some(({ status }) => status !== "STARTED")),
    );
    // Without its checks: the condition of one of them shall ask for it.
    await launch(
      graphql,
      "__ASSET_JOB",
      { origin: "suite" },
      { assetSelection: [{ path: ["source"] }], assetCheckSelection: [] },
    );
    await shop.launch(["other_source"]);
    await backfill(graphql, ["source_daily"], DAYS);
    for (const job of ["succeeding", "failing"]) await launch(graphql, job);
    await judgeSensors(graphql);
    // After the partitions that a sensor adds: those of one tick would become one backfill.
    await addPartition(graphql, "regions", "apac");
    await judgeAutomation(graphql);
    await judgeSchedules(graphql);
    await judgeBackfills(graphql, backfills);
    await judgeFreshness(graphql);
  } catch (error) {
    report.check("the suite reached its end", false, error instanceof Error ? error.message : String(error));
  } finally {
    await processes.stop();
    if (process.env.KEEP === undefined) rmSync(work, { recursive: true, force: true });
    else console.log(`kept ${work}`);
  }
  return report.close();
}

process.exitCode = await main();
