import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DagsterGraphql } from "./graphql.ts";
import { freePort, type Processes, waitFor } from "./processes.ts";
import type { PythonEnvironment } from "./python.ts";

export const locationName = "quickstart";

/** The stock webserver and daemon, pointed at one code location. */
export interface DagsterHost {
  readonly origin: string;
  readonly graphql: DagsterGraphql;
}

/** Writes `dagster.yaml` and `workspace.yaml` for a code location that listens on `locationPort`. */
export function prepareHome(home: string, locationPort: number, name: string = locationName): void {
  mkdirSync(home, { recursive: true });
  const dagster = `telemetry:
  enabled: false
nux:
  enabled: false
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
`;
  const workspace = `load_from:
  - grpc_server:
      host: localhost
      port: ${locationPort}
      location_name: ${name}
`;
  writeFileSync(join(home, "dagster.yaml"), dagster);
  writeFileSync(join(home, "workspace.yaml"), workspace);
}

/** Starts both host processes and waits until the webserver shows the code location. */
export async function startHost(
  processes: Processes,
  python: PythonEnvironment,
  home: string,
  wantedPort: number,
): Promise<DagsterHost> {
  const port = await freePort(wantedPort);
  const workspace = join(home, "workspace.yaml");
  const options = { cwd: home, env: { DAGSTER_HOME: home } };
  processes.start(
    "dagster-webserver",
    python.script("dagster-webserver"),
    ["-h", "127.0.0.1", "-p", String(port), "-w", workspace],
    { ...options, log: join(home, "webserver.log") },
  );
  const origin = `http://127.0.0.1:${port}`;
  const graphql = new DagsterGraphql(origin);
  const location = await waitFor(`the webserver (log: ${join(home, "webserver.log")})`, 90, () =>
    settledLocation(graphql),
  );
  if (location.error !== undefined) throw new Error(`The code location did not load: ${location.error}`);
  processes.start("dagster-daemon", python.script("dagster-daemon"), ["run", "-w", workspace], {
    ...options,
    log: join(home, "daemon.log"),
  });
  return { origin, graphql };
}

/** The location once it is no longer loading, with its load error if it has one. */
async function settledLocation(graphql: DagsterGraphql): Promise<{ readonly error?: string } | undefined> {
  const data = await graphql.query<{
    workspaceOrError: {
      locationEntries?: {
        loadStatus: string;
        locationOrLoadError: { __typename: string; message?: string } | null;
      }[];
    };
  }>(
    `{ workspaceOrError { ... on Workspace { locationEntries { loadStatus
       locationOrLoadError { __typename ... on PythonError { message } } } } } }`,
  );
  const entry = data.workspaceOrError.locationEntries?.[0];
  if (!entry || entry.loadStatus === "LOADING") return undefined;
  const error = entry.locationOrLoadError?.message;
  return error === undefined ? {} : { error };
}
