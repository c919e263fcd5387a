/**
 * Everything that can go wrong around a run worker, with a stock Dagster as its host: killed processes, locked
 * databases, full disks, user code that throws past everyone. `--kills N` sets how many workers are killed and
 * how many are told to end; `--locked SECONDS` how long a database stays locked.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, openSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort, waitFor } from "../../tools/processes.ts";
import { argumentForms, codeFaults } from "./code.ts";
import { Host } from "./host.ts";
import { killWorkers, resumeRuns, terminateWorkers } from "./kills.ts";
import { processFaults, type Server } from "./processes.ts";
import { fullDisk, lockedDatabase } from "./storage.ts";
import { createVerdicts } from "./verdicts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster/bin/dagster-ts.js");

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "6" },
    locked: { type: "string", default: "33" },
    only: { type: "string" },
  },
});

function createServer(project: string, port: number, log: string): Server & { start(): Promise<void> } {
  let child: ChildProcess | undefined;
  const start = async (megabytes?: number): Promise<void> => {
    const output = openSync(log, "a");
    const address = ["--host", "127.0.0.1", "--port", String(port)];
    child = spawn(process.execPath, [entry, "serve", "--project", project, ...address], {
      env: {
        ...process.env,
        ...(megabytes === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${megabytes}` }),
      },
      stdio: ["ignore", output, output],
    });
    await waitFor("the code location", 30, async () => {
      const check = spawn(process.execPath, [entry, "api", "grpc-health-check", "--port", String(port)], {
        stdio: "ignore",
      });
      const code = await new Promise((resolve) => check.once("exit", resolve));
      return code === 0 ? true : undefined;
    });
  };
  const kill = async (): Promise<void> => {
    const current = child;
    if (current === undefined || current.exitCode !== null || current.signalCode !== null) return;
    const gone = new Promise((resolve) => current.once("exit", resolve));
    current.kill("SIGKILL");
    await gone;
  };
  return {
    start: () => start(),
    kill,
    restart: async ({ megabytes } = {}) => {
      await kill();
      await start(megabytes);
    },
  };
}

const verdicts = createVerdicts();
const work = mkdtempSync(join(tmpdir(), "faults-"));
const project = join(work, "project");
cpSync(fileURLToPath(new URL("./project", import.meta.url)), project, { recursive: true });
symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
const python = process.env.PEER_PYTHON ?? "python3";
const port = await freePort();
const server = createServer(project, port, join(work, "server.log"));
const hosts: Host[] = [];

async function withHost(name: string, rest: object, task: (host: Host) => Promise<void>): Promise<void> {
  const host = await Host.start({ python, home: join(work, name), port, ...rest });
  hosts.push(host);
  await task(host);
}

const kills = Number(values.kills);
const tasks: Readonly<Record<string, () => Promise<void>>> = {
  code: () =>
    withHost("code", {}, async (host) => {
      await codeFaults(host, verdicts);
      await argumentForms(host, verdicts);
    }),
  locked: () => withHost("locked", {}, (host) => lockedDatabase(host, Number(values.locked), verdicts)),
  full: () => fullDisk({ python, home: join(work, "full"), port }, verdicts),
  kills: () =>
    withHost("kills", {}, async (host) => {
      await killWorkers(host, kills, verdicts);
      await terminateWorkers(host, kills, verdicts);
    }),
  resumes: () => withHost("resumes", { maxResumeAttempts: 3 }, (host) => resumeRuns(host, verdicts)),
};

try {
  await server.start();
  const chosen = Object.entries(tasks).filter(([name]) => values.only === undefined || values.only === name);
  await Promise.all(chosen.map(([, task]) => task()));
  // Last, because it ends the server that the others need.
  if (values.only === undefined || values.only === "processes")
    await processFaults({ python, home: join(work, "processes"), port }, server, verdicts);
} catch (error) {
  verdicts.holds(`the suite ends: ${error instanceof Error ? error.stack : String(error)}`, false, undefined);
} finally {
  for (const host of hosts) host.stop();
  await server.kill();
  if (process.env.KEEP === undefined) rmSync(work, { recursive: true, force: true });
  else console.log(work);
}
console.log(`${verdicts.passed} passed, ${verdicts.failed} failed`);
process.exitCode = verdicts.failed === 0 && verdicts.passed > 0 ? 0 : 1;
