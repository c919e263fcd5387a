import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { findProjectLayout } from "../components/project-layout.ts";
import { createAnswerCache } from "../server/answer-cache/answer-cache.ts";
import type { LocationIdentity, LocationParameters } from "../server/code-location.ts";
import type { ListenAddress, TlsFiles } from "../server/listen.ts";
import type { LocationThreads } from "../server/location-threads.ts";
import { log } from "../server/log.ts";
import { refreshInThread } from "../server/refresh-in-thread.ts";
import { createRunLedger } from "../server/runs/run-ledger.ts";
import { RunSupervisor } from "../server/runs/run-supervisor.ts";
import { type RunningServer, startServer } from "../server/server.ts";
import { openThreadLocation } from "../server/thread-location.ts";
import { stateFolder } from "../state/local-state.ts";
import type { DefsStateInfo } from "../state/state-info.ts";
import { hostTable } from "../wire/index.ts";
import { forkRunWorker } from "./fork-run-worker.ts";
import type { Program } from "./program.ts";
import { programPrint } from "./program-print.ts";

export interface ServeRequest {
  readonly projectRoot: string;
  readonly address: ListenAddress;
  readonly tls?: TlsFiles;
  readonly heartbeatTimeoutSeconds?: number;
  readonly instanceRef?: string;
  readonly pinned?: DefsStateInfo;
  readonly containerImage?: string;
  readonly containerContext?: string;
}

/** The script that this process was started with, as launchers must name it in another container. */
const runningScript = (program: Program): string => {
  const script = program.script ?? process.argv[1] ?? "";
  return existsSync(script) ? realpathSync(script) : script;
};

const identityOf = (program: Program, request: ServeRequest): LocationIdentity => ({
  entryPoint: [process.execPath, runningScript(program)],
  executablePath: process.execPath,
  ...(request.containerImage === undefined ? {} : { containerImage: request.containerImage }),
  ...(request.containerContext === undefined ? {} : { containerContext: request.containerContext }),
});

const serverFolder = (projectRoot: string, name: string): string => {
  try {
    const { defsFolder, root } = findProjectLayout(projectRoot);
    return join(stateFolder(defsFolder ?? root), ".server", name);
  } catch {
    // A project that cannot be read is shown as a load error by the server, not by a refusal to start.
    return join(stateFolder(projectRoot), ".server", name);
  }
};

/** Starts the code server of a project. */
export const startProjectServer = async (
  program: Program,
  request: ServeRequest,
  threads: LocationThreads,
): Promise<RunningServer> => {
  const { projectRoot, instanceRef, pinned, tls, heartbeatTimeoutSeconds } = request;
  const { registryModule } = program;
  if (hostTable.warning !== undefined) log("warning", hostTable.warning);
  const parameters: LocationParameters = {
    projectRoot,
    identity: identityOf(program, request),
    ...(registryModule === undefined ? {} : { registryModule }),
    ...(instanceRef === undefined ? {} : { instanceRef }),
    ...(pinned === undefined ? {} : { pinned }),
  };
  const source = { projectRoot, ...(registryModule === undefined ? {} : { registryModule }) };
  const ledger = createRunLedger(() => serverFolder(projectRoot, "runs"), projectRoot);
  const runs = new RunSupervisor({
    ledger,
    startWorker: (run) => forkRunWorker(source, run),
    // Imported when the first run ends: a server must answer before it can report anything.
    reportDeadRun: async (run, how) => {
      const { reportDeadRunIn } = await import("../worker/report-dead-run.ts");
      await reportDeadRunIn(run.instanceRef, run.runId, how);
    },
    log: (message) => log("warning", message),
  });
  // A development server refreshes state at every start, and pinned versions are another load.
  const mayKeep = pinned === undefined && !process.env.DAGSTER_IS_DEV_CLI;
  const answers = createAnswerCache({
    folder: () => serverFolder(projectRoot, "answers"),
    program: () => programPrint(parameters),
    env: process.env,
  });
  const server = await startServer({
    parameters,
    address: request.address,
    open: (loading) => openThreadLocation(threads.take(), loading),
    refresh: refreshInThread,
    runs,
    log: (message) => log("warning", message),
    ...(mayKeep ? { answers } : {}),
    ...(tls === undefined ? {} : { tls }),
    ...(heartbeatTimeoutSeconds === undefined ? {} : { heartbeatTimeoutSeconds }),
  });
  if (instanceRef !== undefined) void warnOfLosses(instanceRef);
  return server;
};

/** Imported when the server answers: nothing waits for it. What cannot be read here is told again by each request. */
const warnOfLosses = async (instanceRef: string): Promise<void> => {
  try {
    const { knownLosses } = await import("../instance/open-instance.ts");
    for (const loss of knownLosses(instanceRef)) log("warning", loss);
  } catch (error) {
    log("warning", `the Dagster instance cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};
