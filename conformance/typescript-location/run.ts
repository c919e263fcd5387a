/**
 * `examples/typescript-location` behind the stock webserver and daemon: what `docs/typescript.md` promises.
 * PEER_PYTHON names the interpreter that holds them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import { prepareHome, startHost } from "../../tools/host.ts";
import { runAssets } from "../../tools/materialize-all.ts";
import { freePort, Processes, waitFor } from "../../tools/processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster/bin/dagster-ts.js");
const project = join(root, "examples/typescript-location");
const location = "weather";
const repository = { repositoryLocationName: location, repositoryName: "__repository__" };

let passed = 0;
let failed = 0;

function verdict(what: string, expected: unknown, found: unknown): void {
  const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
  if (wanted === got) passed += 1;
  else {
    failed += 1;
    console.log(`FAIL ${what}: expected ${wanted}, found ${got}`);
  }
}

async function main(): Promise<number> {
  const python = process.env.PEER_PYTHON;
  const processes = new Processes();
  const work = mkdtempSync(join(tmpdir(), "typescript-location-"));
  const leave = (): void => void processes.stop().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    if (!python) throw new Error("PEER_PYTHON is needed");
    const port = await freePort();
    const home = join(work, "home");
    prepareHome(home, port, location);
    processes.start(
      "code location",
      process.execPath,
      [entry, "serve", "--project", project, "--host", "127.0.0.1", "--port", String(port)],
      {
        cwd: project,
        env: { DAGSTER_HOME: home, WEATHER_DATA: join(work, "data") },
        log: join(home, "code-location.log"),
      },
    );
    const bin = dirname(python);
    const host = await startHost(processes, { python, script: (name) => join(bin, name) }, home, 0);
    await definitions(host.graphql);
    await runs(host.graphql);
    await ticks(host.graphql);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await processes.stop();
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

interface AssetNode {
  readonly assetKey: { readonly path: readonly string[] };
  readonly groupName: string;
  readonly kinds: readonly string[];
  readonly owners: readonly { readonly team?: string }[];
  readonly isPartitioned: boolean;
  readonly assetChecksOrError: {
    readonly checks?: readonly { readonly name: string; readonly blocking: boolean }[];
  };
}

async function definitions(graphql: DagsterGraphql): Promise<void> {
  const { assetNodes } = await graphql.query<{ assetNodes: readonly AssetNode[] }>(
    `{ assetNodes { assetKey { path } groupName kinds isPartitioned
       owners { ... on TeamAssetOwner { team } }
       assetChecksOrError { ... on AssetChecks { checks { name blocking } } } } }`,
  );
  const find = (name: string) =>
    assetNodes.find(({ assetKey }) => assetKey.path.join("/") === `weather/${name}`);
  verdict("assets", 4, assetNodes.length);
  verdict("group", "weather", find("readings")?.groupName);
  verdict("owner", [{ team: "weather" }], find("readings")?.owners);
  verdict(
    "blocking check",
    [{ name: "plausible", blocking: true }],
    find("readings")?.assetChecksOrError.checks,
  );
  verdict("partitioned", [true, false], [find("extremes")?.isPartitioned, find("report")?.isPartitioned]);
}

async function runs(graphql: DagsterGraphql): Promise<void> {
  const run = (names: readonly string[], days: readonly string[] = []) =>
    runAssets(
      graphql,
      names.map((name) => ["weather", name]),
      days,
      location,
    );
  verdict("stations", "SUCCESS", (await run(["stations"])).status);
  const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
  const backfill = await run(["readings", "extremes"], days);
  verdict("three days", "SUCCESS", backfill.status);
  verdict(
    "partitions of each",
    [3, 3],
    backfill.assets.map(({ partitions }) => partitions),
  );
  verdict("checks", "1/1 passed", backfill.assets.find(({ asset }) => asset === "weather/readings")?.checks);
  const report = await run(["report"]);
  verdict("report", ["SUCCESS", "1/1 passed"], [report.status, report.assets[0]?.checks]);
}

async function ticks(graphql: DagsterGraphql): Promise<void> {
  const schedule = await graphql.query<{
    scheduleDryRun: { evaluationResult?: { runRequests: readonly { runKey: string }[] } };
  }>(
    `mutation ($selector: ScheduleSelector!, $at: Float) { scheduleDryRun(selectorData: $selector, timestamp: $at) {
       ... on DryRunInstigationTick { evaluationResult { runRequests { runKey } } } } }`,
    {
      selector: { ...repository, scheduleName: "nightly" },
      at: Date.parse("2026-11-05T01:00:00Z") / 1000,
    },
  );
  verdict(
    "the schedule's day",
    [{ runKey: "2026-11-04" }],
    schedule.scheduleDryRun.evaluationResult?.runRequests,
  );
  await graphql.query(
    `mutation ($selector: SensorSelector!) { startSensor(sensorSelector: $selector) { __typename } }`,
    { selector: { ...repository, sensorName: "after_readings" } },
  );
  const launched = await waitFor("a run of the sensor", 90, async () => {
    const data = await graphql.query<{ runsOrError: { results?: readonly { status: string }[] } }>(
      `{ runsOrError(filter: { tags: [{ key: "dagster/sensor_name", value: "after_readings" }] }) {
         ... on Runs { results { status } } } }`,
    );
    return data.runsOrError.results?.find(({ status }) => ["SUCCESS", "FAILURE"].includes(status));
  });
  verdict("the sensor's run", "SUCCESS", launched.status);
}

process.exitCode = await main();
