/**
 * Everything that can go wrong around a run worker, with a stock Dagster as its host: killed processes, locked
 * databases, full disks, user code that throws past everyone. `--kills N` sets how many workers are killed and
 * how many are told to end; `--locked SECONDS` how long a database stays locked.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "../../tools/processes.ts";
import { argumentForms, codeFaults } from "./code.ts";
import { Host } from "./host.ts";
import { killWorkers, resumeRuns, terminateWorkers } from "./kills.ts";
import { processFaults } from "./processes.ts";
import { copyProject, createServer } from "./server.ts";
import { fullDisk, lockedDatabase } from "./storage.ts";
import { createVerdicts } from "../verdicts.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "6" },
    locked: { type: "string", default: "33" },
    only: { type: "string" },
  },
});

const verdicts = createVerdicts();
const work = mkdtempSync(join(tmpdir(), "faults-"));
const project = copyProject(work);
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
