import { fork } from "node:child_process";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import type { LocationSource } from "../components/loaded-location.ts";
import { RUN_ID_VARIABLE } from "../server/runs/run-processes.ts";
import type { RunToStart, WorkerProcess } from "../server/runs/run-supervisor.ts";
import { siblingModule } from "../server/sibling-module.ts";
import type { WorkerMessage } from "../worker/index.ts";
import type { RunWorkerMessage } from "./run-worker-process.ts";

/** Node aborts when its heap is full, and has no way left to say so in the run's log. */
const OUT_OF_MEMORY =
  "was ended by SIGABRT (Node ends so when its memory is full; NODE_OPTIONS=--max-old-space-size=MEGABYTES sets how much it may have)";

const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal === "SIGABRT") return OUT_OF_MEMORY;
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
};

/** Where newer Node keeps compiled code, if this process has it do so; a worker is to find what others compiled. */
const compileCache = (): NodeJS.ProcessEnv => {
  if (!("getCompileCacheDir" in nodeModule) || typeof nodeModule.getCompileCacheDir !== "function") return {};
  const folder: unknown = nodeModule.getCompileCacheDir();
  return typeof folder === "string" ? { NODE_COMPILE_CACHE: folder } : {};
};

/** Starts a worker in a process group of its own, so that Ctrl-C and the server's end do not reach it by accident. */
export const forkRunWorker = (source: LocationSource, run: RunToStart): WorkerProcess => {
  const entry = fileURLToPath(siblingModule(import.meta.url, "./run-worker-process"));
  const child = fork(entry, [run.runId], {
    detached: true,
    env: { ...process.env, ...compileCache(), [RUN_ID_VARIABLE]: run.runId },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { pid } = child;
  const listeners = new Set<(leader: number) => void>();
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(describeEnd(code, signal)));
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on("message", (message: WorkerMessage) => {
      if (message.type === "ready") resolve();
      else if (message.type === "failed") reject(new Error(message.message));
      else for (const listener of listeners) listener(message.leader);
    });
    void ended.then((how) =>
      reject(new Error(`the worker of run ${run.runId} ${how} before it took the run over`)),
    );
  });
  const message: RunWorkerMessage = { source, task: { runId: run.runId, instanceRef: run.instanceRef } };
  child.send(message);
  if (pid === undefined) throw new Error(`the worker of run ${run.runId} could not be started`);
  return { pid, ready, ended, onGroup: (listener) => listeners.add(listener) };
};
