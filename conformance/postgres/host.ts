import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import { startHost } from "../../tools/host.ts";
import { launchAssets, waitForRun } from "../../tools/materialize-all.ts";
import { freePort, Processes, waitFor } from "../../tools/processes.ts";
import { copyProject, createServer } from "../faults/server.ts";
import { createVerdicts, type Verdicts } from "../verdicts.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const location = "faults";
const OBSERVATIONS = 10;

interface Pushed {
  readonly type: string;
  readonly number: number | null;
}

/**
 * The stock webserver and daemon on a PostgreSQL instance, with a code location of ours: a run that is launched over
 * GraphQL and followed live, and one whose worker is killed and which the daemon has resumed. Gives the closing line.
 */
export async function hostOnPostgres(python: string, work: string, url: string): Promise<string> {
  const verdicts = createVerdicts();
  const processes = new Processes();
  const folder = join(work, "host");
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const port = await freePort();
  writeFileSync(join(home, "dagster.yaml"), settings(url));
  writeFileSync(
    join(home, "workspace.yaml"),
    `load_from:\n  - grpc_server: { host: localhost, port: ${port}, location_name: ${location} }\n`,
  );
  const server = createServer(copyProject(folder), port, join(folder, "server.log"));
  // Where the daemon finds its launcher.
  process.env.PYTHONPATH = join(here, "../faults");
  try {
    await server.start();
    const bin = dirname(python);
    const host = await startHost(processes, { python, script: (name) => join(bin, name) }, home, 0);
    await liveEvents(
      { python, port: new URL(host.origin).port, gate: join(folder, "gate"), url },
      host.graphql,
      verdicts,
    );

    const resumed = await launchAssets(host.graphql, [["link_1"], ["link_2"], ["steady"]], [], location);
    const events = (): Promise<readonly string[]> => messagesOf(host.graphql, resumed);
    const worker = await waitFor("the steps of the run", 60, async () => {
      const messages = await events();
      if (!messages.some((message) => message.includes('step "steady"'))) return undefined;
      return /Started process for run \(pid: (\d+)\)/.exec(messages.join("\n"))?.[1];
    });
    process.kill(Number(worker), "SIGKILL");
    verdicts.equal("resumed by the daemon: status", "SUCCESS", await waitForRun(host.graphql, resumed));
    const messages = await events();
    const count = (text: string): number => messages.filter((message) => message.startsWith(text)).length;
    verdicts.equal(
      "resumed by the daemon: it asked for it",
      1,
      count("Launching a new run worker to resume run"),
    );
    verdicts.equal("resumed by the daemon: the second worker", 1, count("Started process for resuming job"));
    verdicts.equal("resumed by the daemon: the run starts once", 1, count("Started execution of run for"));
    await retriedRuns(host.graphql, verdicts);
  } catch (error) {
    verdicts.holds(
      `the host on PostgreSQL: ${error instanceof Error ? error.stack : String(error)}`,
      false,
      undefined,
    );
  } finally {
    await processes.stop();
    await server.kill();
  }
  return `${verdicts.passed} passed, ${verdicts.failed} failed\n`;
}

const settings = (url: string): string => `telemetry: { enabled: false }
storage: { postgres: { postgres_url: "${url.replace("://", "+psycopg2://")}" } }
run_coordinator: { module: dagster.core.run_coordinator, class: QueuedRunCoordinator, config: { dequeue_interval_seconds: 1 } }
run_launcher: { module: launcher, class: ProcessLauncher }
run_retries: { enabled: true }
run_monitoring: { enabled: true, poll_interval_seconds: 1, max_resume_run_attempts: 1 }
`;

interface LiveOptions {
  readonly python: string;
  /** Of the webserver. */
  readonly port: string;
  /** A file that lets the run end. */
  readonly gate: string;
  /** Of the database. */
  readonly url: string;
}

/** A run that waits for us to have seen its events can only end when they come live. */
async function liveEvents(
  { python, port, gate, url }: LiveOptions,
  graphql: DagsterGraphql,
  verdicts: Verdicts,
): Promise<void> {
  const database = new Client({ connectionString: url });
  await database.connect();
  const notified = new Set<string | undefined>();
  database.on("notification", ({ payload }) => notified.add(payload));
  await database.query("LISTEN run_events");
  const run = await launchAssets(graphql, [["gated"]], [{ key: "gate", value: gate }], location);
  const child = spawn(python, ["-W", "ignore", join(here, "subscribe.py"), port, run], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const numbers: (number | null)[] = [];
  let last: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Pushed;
    last = event.type;
    if (event.type !== "ObservationEvent") continue;
    numbers.push(event.number);
    if (numbers.length === OBSERVATIONS) writeFileSync(gate, "");
  }
  const all = Array.from({ length: OBSERVATIONS }, (_, number) => number);
  verdicts.equal("live: every event, in order", all, numbers);
  verdicts.equal("live: the end", "RunSuccessEvent", last);
  verdicts.equal("live: status", "SUCCESS", await waitForRun(graphql, run));
  const { rows } = await database.query<{ event: string }>(
    "SELECT run_id || '_' || id AS event FROM event_logs WHERE run_id = $1 ORDER BY id",
    [run],
  );
  // Every notification of an earlier transaction is there before the answer to a later query.
  const silent = rows.filter(({ event }) => !notified.has(event));
  await database.end();
  verdicts.equal("listeners hear of every event, as from the host's own writers", [], silent);
}

async function messagesOf(graphql: DagsterGraphql, run: string): Promise<readonly string[]> {
  const data = await graphql.query<{ logsForRun: { events?: readonly { message?: string }[] } }>(
    `query ($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events { ... on MessageEvent { message } } } } }`,
    { run },
  );
  return (data.logsForRun.events ?? []).map(({ message }) => message ?? "");
}

/** The daemon launches a failed run again because of what its worker wrote, from the failure or from the start. */
async function retriedRuns(graphql: DagsterGraphql, verdicts: Verdicts): Promise<void> {
  const expected = { FROM_FAILURE: ["fails_first"], ALL_STEPS: ["fails_first", "link_1"] };
  const launched = Object.keys(expected).map(async (strategy) => {
    const tags = [
      { key: "dagster/max_retries", value: "1" },
      { key: "dagster/retry_strategy", value: strategy },
    ];
    return launchAssets(graphql, [["link_1"], ["fails_first"]], tags, location);
  });
  for (const [index, [strategy, steps]] of Object.entries(expected).entries()) {
    const parent = (await launched[index]) ?? "";
    verdicts.equal(`${strategy}: the first run`, "FAILURE", await waitForRun(graphql, parent));
    const again = await waitFor(`a retry of the run ${parent}`, 60, async () => {
      const data = await graphql.query<{ runsOrError: { results?: readonly { runId: string }[] } }>(
        `query ($tags: [ExecutionTag!]) { runsOrError(filter: { tags: $tags }) { ... on Runs { results { runId } } } }`,
        { tags: [{ key: "dagster/parent_run_id", value: parent }] },
      );
      return data.runsOrError.results?.[0]?.runId;
    });
    verdicts.equal(`${strategy}: the second run`, "SUCCESS", await waitForRun(graphql, again));
    const messages = await messagesOf(graphql, again);
    const started = messages.flatMap(
      (message) => /^Started execution of step "(\w+)"/.exec(message)?.[1] ?? [],
    );
    verdicts.equal(`${strategy}: its steps`, steps, started.sort());
  }
}
