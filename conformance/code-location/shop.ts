import type { DagsterGraphql } from "../../tools/graphql.ts";

const LOCATION = "quickstart";
const REPOSITORY = "__repository__";
const FINAL: readonly string[] = ["SUCCESS", "FAILURE", "CANCELED"];

export interface RunEvent {
  readonly __typename: string;
  readonly message: string;
  readonly stepKey: string | null;
  readonly assetKey?: { readonly path: readonly string[] };
}

/** The questions of this suite to the stock webserver. */
export class Shop {
  readonly #graphql: DagsterGraphql;

  constructor(graphql: DagsterGraphql) {
    this.#graphql = graphql;
  }

  async assets(): Promise<readonly string[]> {
    const { assetNodes } = await this.#graphql.query<{ assetNodes: { assetKey: { path: string[] } }[] }>(
      "{ assetNodes { assetKey { path } } }",
    );
    return assetNodes.map((node) => node.assetKey.path.join("/")).sort();
  }

  async loadError(): Promise<string | undefined> {
    const data = await this.#graphql.query<{
      workspaceOrError: { locationEntries: { locationOrLoadError: { message?: string } }[] };
    }>(`{ workspaceOrError { ... on Workspace { locationEntries {
         locationOrLoadError { ... on PythonError { message } } } } } }`);
    return data.workspaceOrError.locationEntries[0]?.locationOrLoadError.message;
  }

  async reload(): Promise<void> {
    await this.#graphql.query(
      "mutation($n: String!) { reloadRepositoryLocation(repositoryLocationName: $n) { __typename } }",
      { n: LOCATION },
    );
  }

  async refreshState(key: string): Promise<string> {
    const { refreshComponentState: reply } = await this.#graphql.query<{
      refreshComponentState: { __typename: string; message?: string };
    }>(
      `mutation($l: String!, $k: String!) { refreshComponentState(locationName: $l, defsStateKey: $k) {
         __typename ... on RefreshComponentStateError { message } ... on PythonError { message } } }`,
      { l: LOCATION, k: key },
    );
    return reply.message ?? reply.__typename;
  }

  /** State key to the version that the location was loaded with. */
  async stateVersions(): Promise<Readonly<Record<string, string | undefined>>> {
    const data = await this.#graphql.query<{
      workspaceOrError: {
        locationEntries: {
          defsStateInfo: { keyStateInfo: { name: string; info: { version: string } | null }[] };
        }[];
      };
    }>(`{ workspaceOrError { ... on Workspace { locationEntries { defsStateInfo { keyStateInfo {
         name info { version } } } } } } }`);
    const entries = data.workspaceOrError.locationEntries[0]?.defsStateInfo.keyStateInfo ?? [];
    return Object.fromEntries(entries.map(({ name, info }) => [name, info?.version]));
  }

  async launch(assets: readonly string[], tags: Readonly<Record<string, string>> = {}): Promise<string> {
    const params = {
      selector: {
        repositoryLocationName: LOCATION,
        repositoryName: REPOSITORY,
        jobName: "__ASSET_JOB",
        assetSelection: assets.map((key) => ({ path: key.split("/") })),
      },
      runConfigData: {},
      mode: "default",
      executionMetadata: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
    };
    const { launchRun } = await this.#graphql.query<{
      launchRun: { run?: { runId: string }; message?: string };
    }>(
      `mutation($p: ExecutionParams!) { launchRun(executionParams: $p) { __typename
         ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }`,
      { p: params },
    );
    if (launchRun.run === undefined) throw new Error(`the launch was refused: ${launchRun.message}`);
    return launchRun.run.runId;
  }

  async status(runId: string): Promise<string> {
    const { runOrError } = await this.#graphql.query<{ runOrError: { status: string } }>(
      "query($r: ID!) { runOrError(runId: $r) { ... on Run { status } } }",
      { r: runId },
    );
    return runOrError.status;
  }

  async ended(runId: string, seconds = 60): Promise<string> {
    return this.reaches(runId, FINAL, seconds);
  }

  async reaches(runId: string, wanted: readonly string[], seconds = 60): Promise<string> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const status = await this.status(runId);
      if (wanted.includes(status) || FINAL.includes(status) || Date.now() > deadline) return status;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async events(runId: string): Promise<readonly RunEvent[]> {
    const { logsForRun } = await this.#graphql.query<{ logsForRun: { events: RunEvent[] } }>(
      `query($r: ID!) { logsForRun(runId: $r) { ... on EventConnection { events { __typename
         ... on MessageEvent { message stepKey } ... on MaterializationEvent { assetKey { path } } } } } }`,
      { r: runId },
    );
    return logsForRun.events;
  }

  async terminate(runId: string): Promise<string> {
    const { terminateRun } = await this.#graphql.query<{ terminateRun: { __typename: string } }>(
      "mutation($r: String!) { terminateRun(runId: $r) { __typename } }",
      { r: runId },
    );
    return terminateRun.__typename;
  }

  async startSensor(name: string): Promise<void> {
    await this.#graphql.query(
      `mutation($s: SensorSelector!) { startSensor(sensorSelector: $s) { __typename } }`,
      { s: { repositoryLocationName: LOCATION, repositoryName: REPOSITORY, sensorName: name } },
    );
  }

  /** Whether the host's UI can refresh the state of components. */
  async canRefreshState(): Promise<boolean> {
    const { __type: mutation } = await this.#graphql.query<{ __type: { fields: { name: string }[] } }>(
      '{ __type(name: "Mutation") { fields { name } } }',
    );
    return mutation.fields.some(({ name }) => name === "refreshComponentState");
  }

  /** Statuses of the sensor's ticks, the newest first. */
  async ticks(name: string): Promise<readonly string[]> {
    const { sensorOrError } = await this.#graphql.query<{
      sensorOrError: { sensorState: { ticks: { status: string }[] } };
    }>(
      `query($s: SensorSelector!) { sensorOrError(sensorSelector: $s) { ... on Sensor { sensorState {
         ticks { status } } } } }`,
      { s: { repositoryLocationName: LOCATION, repositoryName: REPOSITORY, sensorName: name } },
    );
    return sensorOrError.sensorState.ticks.map((tick) => tick.status);
  }

  async runsWithTag(key: string, value: string): Promise<readonly { runId: string; status: string }[]> {
    const { runsOrError } = await this.#graphql.query<{
      runsOrError: { results: { runId: string; status: string }[] };
    }>("query($f: RunsFilter!) { runsOrError(filter: $f) { ... on Runs { results { runId status } } } }", {
      f: { tags: [{ key, value }] },
    });
    return runsOrError.results;
  }
}
