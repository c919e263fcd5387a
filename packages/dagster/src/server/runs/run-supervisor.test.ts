import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identify, isRunning } from "./process-identity.ts";
import { RUN_ID_VARIABLE } from "./run-processes.ts";
import { createRunLedger } from "./run-ledger.ts";
import { RunSupervisor, type WorkerProcess } from "./run-supervisor.ts";

let folder = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runs-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A real process in a group of its own, with a child that left the group, as engines do. */
const SCRIPT = `
const { spawn } = require("node:child_process");
if (process.argv[1] === "deaf") process.on("SIGTERM", () => {});
const engine = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
process.stdout.write(String(engine.pid) + "\\n");
setInterval(() => {}, 1000);
`;

const startProcess = async (
  runId: string,
  manner: string,
): Promise<WorkerProcess & { readonly engine: number }> => {
  const child = spawn(process.execPath, ["-e", SCRIPT, manner], {
    detached: true,
    env: { ...process.env, [RUN_ID_VARIABLE]: runId },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const engine = await new Promise<number>((resolve) =>
    child.stdout.once("data", (text) => resolve(Number(text))),
  );
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    );
  });
  return { pid: child.pid ?? 0, ready: Promise.resolve(), ended, onGroup: () => undefined, engine };
};

const stage = async (manner: string) => {
  const ledger = createRunLedger(() => folder, "/project");
  const reports: string[] = [];
  const worker = await startProcess("run-1", manner);
  const supervisor = new RunSupervisor({
    ledger,
    startWorker: () => worker,
    reportDeadRun: async ({ runId, instanceRef }, how) => void reports.push(`${runId} ${instanceRef} ${how}`),
    log: () => undefined,
    killAfterMs: 200,
  });
  await supervisor.start({ runId: "run-1", instanceRef: "{}", args: "" });
  return { ledger, reports, worker, supervisor };
};

const isGone = async (pid: number): Promise<boolean> => {
  for (let i = 0; i < 50 && isRunning({ pid }); i++) await sleep(20);
  return !isRunning({ pid });
};

describe.skipIf(process.platform !== "linux")("RunSupervisor", () => {
  it("reports a worker that is killed and ends what it left behind", async () => {
    const { reports, worker, supervisor, ledger } = await stage("polite");
    expect(supervisor.currentRuns()).toEqual(["run-1"]);
    expect((await ledger.entries()).map((entry) => entry.runId)).toEqual(["run-1"]);
    process.kill(worker.pid, "SIGKILL");
    await supervisor.idle();
    expect(reports).toEqual(["run-1 {} was ended by SIGKILL"]);
    expect(await isGone(worker.engine)).toBe(true);
    expect(await ledger.entries()).toEqual([]);
  });

  it("asks politely first when a run is canceled", async () => {
    const { reports, worker, supervisor } = await stage("polite");
    expect(supervisor.canCancel("run-1")).toBe(true);
    expect(supervisor.cancel("run-1")).toBe(true);
    expect(supervisor.canCancel("run-1")).toBe(false);
    await supervisor.idle();
    expect(reports).toEqual(["run-1 {} was ended by SIGTERM"]);
    expect(await isGone(worker.engine)).toBe(true);
    expect(supervisor.cancel("run-1")).toBe(false);
  });

  it("kills a worker that does not listen", async () => {
    const { reports, supervisor } = await stage("deaf");
    supervisor.cancel("run-1");
    await supervisor.idle();
    expect(reports).toEqual(["run-1 {} was ended by SIGKILL"]);
  });

  it("takes over runs of a server that is gone, and leaves those of one that lives", async () => {
    const ledger = createRunLedger(() => folder, "/project");
    const dead = await startProcess("ended", "polite");
    process.kill(dead.pid, "SIGKILL");
    await dead.ended;
    const nobody = { pid: dead.pid, startedAt: "0" };
    const alive = await startProcess("alive", "polite");
    const entry = { instanceRef: "{}", groups: [] };
    await ledger.record({ ...entry, runId: "ended", worker: identify(dead.pid), server: nobody });
    await ledger.record({ ...entry, runId: "alive", worker: identify(alive.pid), server: nobody });
    await ledger.record({
      ...entry,
      runId: "theirs",
      worker: identify(dead.pid),
      server: identify(process.pid),
    });
    const reports: string[] = [];
    const supervisor = new RunSupervisor({
      ledger,
      startWorker: () => dead,
      reportDeadRun: async ({ runId }) => void reports.push(runId),
      log: () => undefined,
    });
    await supervisor.adopt();
    expect([...supervisor.currentRuns()].sort()).toEqual(["alive", "ended"]);
    supervisor.cancel("alive");
    await supervisor.idle();
    expect(reports.sort()).toEqual(["alive", "ended"]);
    expect((await ledger.entries()).map(({ runId }) => runId)).toEqual(["theirs"]);
  });
});
