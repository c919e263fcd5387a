import type { AnswerCache } from "./answer-cache/answer-cache.ts";
import type { OpenLocation, LocationParameters } from "./code-location.ts";
import { createHandlers } from "./handlers.ts";
import { expectHeartbeats } from "./heartbeat.ts";
import type { ListenAddress, TlsFiles } from "./listen.ts";
import { LocationHost } from "./location-host.ts";
import type { RunSupervisor } from "./runs/run-supervisor.ts";

export interface ServerOptions {
  readonly parameters: LocationParameters;
  readonly address: ListenAddress;
  readonly tls?: TlsFiles;
  /** Ends the server when its host falls silent for this long; no heartbeat is expected when absent. */
  readonly heartbeatTimeoutSeconds?: number;
  readonly open: OpenLocation;
  readonly refresh: (parameters: LocationParameters, keys: readonly string[]) => Promise<string>;
  readonly runs: RunSupervisor;
  readonly answers?: AnswerCache;
  readonly log: (message: string) => void;
}

export interface RunningServer {
  readonly port: number;
  readonly host: LocationHost;
  /** Resolves when the server has ended. */
  readonly closed: Promise<void>;
  /** Ends once no run is active; new runs are refused meanwhile. */
  shutDownWhenIdle(): void;
  /** Cancels active runs and ends. */
  stop(): Promise<void>;
}

/** Answers from the first moment; requests about definitions wait until these are loaded. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { parameters, open, runs, log } = options;
  let isShuttingDown = false;
  let finish: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const host = new LocationHost({
    parameters,
    open,
    log,
    ...(options.answers === undefined ? {} : { answers: options.answers }),
  });
  const shutDownWhenIdle = (): void => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    void runs.idle().then(end);
  };
  const heartbeats =
    options.heartbeatTimeoutSeconds === undefined
      ? undefined
      : expectHeartbeats(options.heartbeatTimeoutSeconds, () => {
          log(`no heartbeat for ${options.heartbeatTimeoutSeconds} s; ending when no run is active`);
          shutDownWhenIdle();
        });
  const handlers = createHandlers({
    host,
    runs,
    identity: parameters.identity,
    refresh: (keys) => options.refresh(parameters, keys),
    heartbeat: () => heartbeats?.beat(),
    isShuttingDown: () => isShuttingDown,
    shutDown: shutDownWhenIdle,
  });
  // Imported while the thread of the location starts: the protocol takes as long to load as the definitions of
  // a small project.
  const [{ listen }, { dagsterMethods }] = await Promise.all([
    import("./listen.ts"),
    import("./protocol/dagster-service.ts"),
  ]);
  const { port, stop } = await listen(dagsterMethods(handlers), options.address, options.tls).catch(
    (error: unknown) => {
      void host.close();
      throw error;
    },
  );
  await runs.adopt();
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= (async () => {
      heartbeats?.stop();
      await stop();
      await host.close();
      finish();
    })();
    return ending;
  };
  return {
    port,
    host,
    closed,
    shutDownWhenIdle,
    async stop() {
      isShuttingDown = true;
      await runs.cancelAll();
      await end();
    },
  };
};
