/**
 * A code location in TypeScript without Rocky, behind the stock webserver and daemon: it loads, runs, is canceled,
 * loses workers and servers, reloads and refreshes. The interpreter with Dagster is in PEER_PYTHON.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareHome, startHost } from "../../tools/host.ts";
import { freePort, Processes, waitFor } from "../../tools/processes.ts";
import { Report } from "../report.ts";
import { Shop } from "./shop.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const command = join(root, "packages/dagster/bin/dagster-ts.js");
const report = new Report();
const processes = new Processes();

const python = process.env.PEER_PYTHON ?? "";
const environment = { python, script: (name: string) => join(dirname(python), name) };

/** Ids of processes whose environment holds this text. Empty where there is no /proc. */
const processesWith = (mark: string): readonly number[] => {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false;
    }
  });
};

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asynchronous on purpose: while a synchronous child runs, the connections to the webserver would grow stale. */
const capture = (program: string, args: readonly string[]): Promise<Output> =>
  new Promise((resolve) => {
    execFile(program, [...args], (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1,
        stdout,
        stderr,
      });
    });
  });

const stageProject = (folder: string): string => {
  const project = join(folder, "project");
  cpSync(join(here, "project"), project, { recursive: true });
  mkdirSync(join(project, "node_modules"));
  symlinkSync(join(root, "node_modules/@dagster-rocky"), join(project, "node_modules/@dagster-rocky"));
  return project;
};

const serve = (project: string, home: string, port: number) =>
  processes.start(
    "location",
    process.execPath,
    [command, "serve", "--project", project, "--host", "127.0.0.1", "--port", `${port}`],
    {
      cwd: project,
      env: { DAGSTER_HOME: home },
      log: join(home, "location.log"),
    },
  );

const judgeClient = async (port: number): Promise<void> => {
  const { stdout, stderr } = await capture(python, [join(here, "client.py"), String(port)]);
  report.add(stdout);
  report.check("client: the script reached its end", stdout.includes("notebooks"), stderr.slice(-500));
};

const judgeRuns = async (shop: Shop): Promise<void> => {
  const good = await shop.launch(["orders", "mart/revenue"]);
  report.check(
    "a run of two assets succeeds",
    (await shop.ended(good)) === "SUCCESS",
    await shop.status(good),
  );
  const events = await shop.events(good);
  const made = events.filter((event) => event.__typename === "MaterializationEvent");
  report.check("both assets are materialised", made.length === 2, made);
  report.check(
    "the check of the selected asset ran",
    events.some((event) => event.__typename === "AssetCheckEvaluationEvent"),
  );
  report.check(
    "user code's log is in the event log",
    events.some((event) => event.message === "reading orders"),
  );
  const eu = await shop.launch(["by_region"], { "dagster/partition": "eu" });
  report.check("a partitioned run succeeds", (await shop.ended(eu)) === "SUCCESS");
  const bad = await shop.launch(["broken"]);
  report.check("a failing asset fails its run", (await shop.ended(bad)) === "FAILURE");
  const text = JSON.stringify(await shop.events(bad));
  report.check("nothing is materialised by it", !text.includes("MaterializationEvent"));
};

const judgeCancel = async (shop: Shop): Promise<void> => {
  const run = await shop.launch(["slow"]);
  await shop.reaches(run, ["STARTED"]);
  const begun = Date.now();
  report.check("a started run can be terminated", (await shop.terminate(run)) === "TerminateRunSuccess");
  report.check("it ends as canceled", (await shop.ended(run, 20)) === "CANCELED", await shop.status(run));
  report.check("cancellation takes less than ten seconds", Date.now() - begun < 10_000, Date.now() - begun);
  await waitFor("the end of the canceled worker", 5, async () =>
    processesWith(run).length === 0 ? true : undefined,
  );
};

const judgeDeadWorker = async (shop: Shop): Promise<void> => {
  const run = await shop.launch(["slow"]);
  await shop.reaches(run, ["STARTED"]);
  for (const pid of processesWith(run)) process.kill(pid, "SIGKILL");
  report.check(
    "a killed worker fails its run",
    (await shop.ended(run, 20)) === "FAILURE",
    await shop.status(run),
  );
  const text = JSON.stringify(await shop.events(run));
  report.check("the log says what happened to it", /SIGKILL/.test(text), text.slice(-300));
};

const judgeDeadServer = async (shop: Shop, restart: () => Promise<void>, kill: () => void): Promise<void> => {
  const run = await shop.launch(["slow"]);
  await shop.reaches(run, ["STARTED"]);
  kill();
  report.check("the worker outlives its server", processesWith(run).length > 0);
  for (const pid of processesWith(run)) process.kill(pid, "SIGKILL");
  await restart();
  report.check(
    "a restarted server reports the dead worker",
    (await shop.ended(run, 30)) === "FAILURE",
    await shop.status(run),
  );
  await waitFor("the location to load again", 30, async () =>
    (await shop.assets()).includes("orders") ? true : undefined,
  );
  const next = await shop.launch(["orders"]);
  report.check("the next run works", (await shop.ended(next)) === "SUCCESS");
};

const judgeState = async (shop: Shop, project: string): Promise<void> => {
  const key = "Inventory[catalog.json]";
  report.check(
    "no state, no assets of the component",
    !(await shop.assets()).some((asset) => asset.startsWith("stock/")),
  );
  report.check(
    "the state is refreshed from the UI",
    (await shop.refreshState(key)) === "RefreshComponentStateSuccess",
  );
  const stock = async () => (await shop.assets()).filter((asset) => asset.startsWith("stock/"));
  const shown = await waitFor("the component's assets", 15, async () =>
    (await stock()).length > 0 ? stock() : undefined,
  );
  report.check("its assets appear", JSON.stringify(shown) === '["stock/boxes","stock/shelves"]', shown);
  writeFileSync(join(project, "catalog.json"), '["shelves", "crates"]');
  const { code, stdout, stderr } = await capture(process.execPath, [
    command,
    "refresh",
    "--project",
    project,
    "--defs-state-key",
    key,
  ]);
  report.check("refresh from another process", code === 0, stdout + stderr);
  const changed = await waitFor("the new asset", 20, async () =>
    (await shop.assets()).includes("stock/crates") ? true : undefined,
  ).catch(() => false);
  report.check(
    "a refresh by another process is noticed without a reload",
    changed === true,
    await shop.assets(),
  );
  const unknown = await shop.refreshState("Inventory[other.json]");
  report.check("an unknown key is refused by name", unknown.includes("Inventory[other.json]"), unknown);
  const defs = join(project, "defs/stock/defs.yaml");
  const text = readFileSync(defs, "utf8");
  writeFileSync(defs, text.replace("catalog:", "catalogue:"));
  await shop.reload();
  const error = (await shop.loadError()) ?? "";
  report.check(
    "a wrong attribute is a load error with place and advice",
    /defs\.yaml:3:3: .*"catalogue".*"catalog"/.test(error),
    error,
  );
  writeFileSync(defs, text);
  await shop.reload();
  report.check("the repaired file loads", (await shop.assets()).includes("stock/crates"));
};

const judgeVersionedState = async (shop: Shop, home: string): Promise<void> => {
  const key = "Inventory[archive.json]";
  report.check(
    "versioned state is refreshed",
    (await shop.refreshState(key)) === "RefreshComponentStateSuccess",
  );
  const shown = await waitFor("the versioned component's asset", 15, async () =>
    (await shop.assets()).includes("archive/ledger") ? true : undefined,
  ).catch(() => false);
  report.check("its asset appears", shown === true, await shop.assets());
  const versions = existsSync(join(home, "defs_state"))
    ? readdirSync(join(home, "defs_state/Inventory__archive.json__"))
    : [];
  report.check("one version lies in the instance's storage", versions.length === 1, versions);
  const info = await shop.stateVersions();
  report.check(
    "the host shows versions of both kinds",
    info[key] === versions[0] && Object.keys(info).length === 2,
    info,
  );
};

const judgeSensor = async (shop: Shop, name: string): Promise<void> => {
  const found = await waitFor(`the run of sensor ${name}`, 60, async () => {
    const [run] = await shop.runsWithTag("dagster/sensor_name", name);
    return run?.runId;
  }).catch(() => undefined);
  report.check(`a request of sensor ${name} is launched`, found !== undefined, await shop.ticks(name));
  if (found !== undefined) report.check("its run succeeds", (await shop.ended(found)) === "SUCCESS");
};

const judgeSensors = async (shop: Shop): Promise<void> => {
  for (const name of ["watcher", "on_order", "on_region", "on_failure"]) await shop.startSensor(name);
  await waitFor("the failure sensor's first tick", 60, async () =>
    (await shop.ticks("on_failure")).includes("SKIPPED") ? true : undefined,
  ).catch(() => undefined);
  const bad = await shop.launch(["broken"]);
  for (const name of ["watcher", "on_order", "on_region"]) await judgeSensor(shop, name);
  const noted = await waitFor("the failure sensor's note", 60, async () =>
    (await shop.events(bad)).some(({ message }) =>
      message?.includes('"on_failure" acted on run status FAILURE'),
    )
      ? true
      : undefined,
  ).catch(() => false);
  report.check(
    "a failure sensor's reaction is noted on the run",
    noted === true,
    await shop.ticks("on_failure"),
  );
  const ticks = await shop.ticks("on_failure");
  report.check(
    "exactly one of its ticks reacted",
    ticks.filter((tick) => tick === "SUCCESS").length === 1,
    ticks,
  );
};

const main = async (): Promise<number> => {
  if (python === "") {
    console.log("PEER_PYTHON is needed\n0 passed, 1 failed");
    return 1;
  }
  const work = mkdtempSync(join(tmpdir(), "code-location-"));
  try {
    const project = stageProject(work);
    const home = join(work, "home");
    const port = await freePort();
    prepareHome(home, port);
    let location = serve(project, home, port);
    const { graphql } = await startHost(processes, environment, home, 0);
    const shop = new Shop(graphql);
    report.check("the location loads", (await shop.assets()).includes("mart/revenue"), await shop.assets());
    await judgeClient(port);
    await judgeRuns(shop);
    await judgeCancel(shop);
    await judgeDeadWorker(shop);
    if (await shop.canRefreshState()) {
      await judgeState(shop, project);
      await judgeVersionedState(shop, home);
    } else console.log("skip: this Dagster has no refresh of state in its UI");
    await judgeSensors(shop);
    await judgeDeadServer(
      shop,
      async () => {
        location = serve(project, home, port);
      },
      () => location.kill("SIGKILL"),
    );
  } catch (error) {
    report.check("the suite reached its end", false, error instanceof Error ? error.message : String(error));
  } finally {
    await processes.stop();
    if (process.env.KEEP === undefined) rmSync(work, { recursive: true, force: true });
    else console.log(`kept ${work}`);
  }
  return report.close();
};

process.exitCode = await main();
