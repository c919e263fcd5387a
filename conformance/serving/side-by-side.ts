import type { ChildProcess } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import { launchAssets, waitForRun } from "../../tools/materialize-all.ts";
import { freePort, type Processes, waitFor } from "../../tools/processes.ts";
import type { Report } from "../report.ts";
import { startWebserver } from "./webserver.ts";

interface Stage {
  readonly processes: Processes;
  readonly report: Report;
  readonly python: string;
  readonly work: string;
  readonly project: string;
  readonly start: (
    name: string,
    work: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => ChildProcess;
  readonly healthy: (args: readonly string[]) => Promise<true>;
}

/**
 * Two locations in one workspace, and two instances: each has a server of the same project, and they share a server of
 * another. Runs of one must not show in the other.
 */
export async function judgeSideBySide(stage: Stage): Promise<void> {
  const { report, work, project, python, processes } = stage;
  const homes = [join(work, "instance-a"), join(work, "instance-b")] as const;
  const copy = join(work, "other-project");
  cpSync(project, copy, { recursive: true, verbatimSymlinks: true });
  const serve = async (name: string, folder: string, home: string): Promise<object> => {
    const port = await freePort();
    stage.start(name, work, ["api", "grpc", "-p", `${port}`, "-d", folder], { DAGSTER_HOME: home });
    await stage.healthy(["-p", `${port}`]);
    return { host: "localhost", port };
  };
  const [own, twin, shared] = await Promise.all([
    serve("own", project, homes[0]),
    serve("twin", project, homes[1]),
    serve("shared", copy, homes[0]),
  ]);
  const entry = (server: object, location_name: string) => ({ grpc_server: { ...server, location_name } });
  const [a, b] = await Promise.all([
    startWebserver(processes, python, homes[0], [entry(own, "shop"), entry(shared, "shared")]),
    startWebserver(processes, python, homes[1], [entry(twin, "shop"), entry(shared, "shared")]),
  ]);
  const launched: string[][] = [];
  for (const [name, { graphql }] of [["first", a] as const, ["second", b] as const]) {
    const loaded = await waitFor("two locations", 60, () => locations(graphql));
    report.check(`the ${name} instance shows both locations`, loaded.join() === "shared,shop", loaded);
    const ids = await Promise.all(
      loaded.map((location) => launchAssets(graphql, [["orders"]], [], location)),
    );
    const statuses = await Promise.all(ids.map((id) => waitForRun(graphql, id)));
    report.check("a run in each succeeds", statuses.join() === "SUCCESS,SUCCESS", statuses);
    launched.push(ids.toSorted());
  }
  for (const [i, { graphql }] of [a, b].entries()) {
    const runs = await runIds(graphql);
    report.check("an instance holds its own runs only", runs.join() === launched[i]?.join(), runs);
  }
}

/** Names of the loaded locations, once none is loading. */
async function locations(graphql: DagsterGraphql): Promise<readonly string[] | undefined> {
  const { workspaceOrError } = await graphql.query<{
    workspaceOrError: {
      locationEntries: {
        name: string;
        loadStatus: string;
        locationOrLoadError: { __typename: string } | null;
      }[];
    };
  }>(
    "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename } } } } }",
  );
  const { locationEntries: entries } = workspaceOrError;
  if (entries.some(({ loadStatus }) => loadStatus === "LOADING")) return undefined;
  return entries
    .filter((entry) => entry.locationOrLoadError?.__typename === "RepositoryLocation")
    .map(({ name }) => name)
    .sort();
}

async function runIds(graphql: DagsterGraphql): Promise<readonly string[]> {
  const { runsOrError } = await graphql.query<{ runsOrError: { results: { runId: string }[] } }>(
    "{ runsOrError { ... on Runs { results { runId } } } }",
  );
  return runsOrError.results.map(({ runId }) => runId).sort();
}
