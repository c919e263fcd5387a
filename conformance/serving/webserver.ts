import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DagsterGraphql } from "../../tools/graphql.ts";
import { freePort, type Processes } from "../../tools/processes.ts";

/** A stock webserver without a daemon: it launches runs itself. */
export interface Webserver {
  readonly graphql: DagsterGraphql;
}

/** Starts one for an instance of its own; `locations` are the entries of its workspace. */
export async function startWebserver(
  processes: Processes,
  python: string,
  home: string,
  locations: readonly object[],
): Promise<Webserver> {
  mkdirSync(home, { recursive: true });
  // JSON is YAML, too.
  const workspace = join(home, "workspace.yaml");
  writeFileSync(workspace, JSON.stringify({ load_from: locations }));
  const settings = {
    telemetry: { enabled: false },
    run_coordinator: { module: "dagster._core.run_coordinator", class: "DefaultRunCoordinator" },
  };
  writeFileSync(join(home, "dagster.yaml"), JSON.stringify(settings));
  const port = await freePort();
  processes.start(
    "webserver",
    join(dirname(python), "dagster-webserver"),
    ["-h", "127.0.0.1", "-p", `${port}`, "-w", workspace],
    { cwd: home, env: { DAGSTER_HOME: home }, log: join(home, "webserver.log") },
  );
  return { graphql: new DagsterGraphql(`http://127.0.0.1:${port}`) };
}
