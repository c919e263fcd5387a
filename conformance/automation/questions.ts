import type { DagsterGraphql } from "../../tools/graphql.ts";

const LOCATION = { repositoryLocationName: "quickstart", repositoryName: "__repository__" };

export interface LaunchedRun {
  readonly runId: string;
  readonly status: string;
  readonly jobName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly assets: readonly string[];
  readonly checks: readonly string[];
}

/** Every run of the instance, the newest first. */
export async function allRuns(graphql: DagsterGraphql): Promise<readonly LaunchedRun[]> {
  const { runsOrError } = await graphql.query<{
    runsOrError: {
      results: {
        runId: string;
        status: string;
        jobName: string;
        tags: { key: string; value: string }[];
        assetSelection: { path: string[] }[] | null;
        assetCheckSelection: { name: string }[] | null;
      }[];
    };
  }>(`{ runsOrError { ... on Runs { results { runId status jobName tags { key value }
       assetSelection { path } assetCheckSelection { name } } } } }`);
  return runsOrError.results.map(({ tags, assetSelection, assetCheckSelection, ...run }) => ({
    ...run,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    assets: (assetSelection ?? []).map(({ path }) => path.join("/")).sort(),
    checks: (assetCheckSelection ?? []).map(({ name }) => name),
  }));
}

/** Launches a job, or what `selection` names of it. */
export async function launch(
  graphql: DagsterGraphql,
  jobName: string,
  tags: Readonly<Record<string, string>> = {},
  selection: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const params = {
    selector: { ...LOCATION, jobName, ...selection },
    runConfigData: {},
    mode: "default",
    executionMetadata: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  };
  const { launchRun } = await graphql.query<{ launchRun: { run?: object; message?: string } }>(
    `mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
       ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }`,
    { params },
  );
  if (launchRun.run === undefined) throw new Error(`the launch was refused: ${launchRun.message}`);
}

export async function addPartition(graphql: DagsterGraphql, set: string, key: string): Promise<void> {
  await graphql.query(
    `mutation ($in: RepositorySelector!, $set: String!, $key: String!) {
       addDynamicPartition(repositorySelector: $in, partitionsDefName: $set, partitionKey: $key) { __typename } }`,
    { in: LOCATION, set, key },
  );
}

/** Launches a backfill of these assets; gives its id. */
export async function backfill(
  graphql: DagsterGraphql,
  assets: readonly string[],
  partitionNames: readonly string[],
): Promise<string> {
  const { launchPartitionBackfill: reply } = await graphql.query<{
    launchPartitionBackfill: { backfillId?: string; message?: string };
  }>(
    `mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
       ... on LaunchBackfillSuccess { backfillId } ... on Error { message } } }`,
    { params: { partitionNames, assetSelection: assets.map((key) => ({ path: [key] })) } },
  );
  if (reply.backfillId === undefined) throw new Error(`the backfill was refused: ${reply.message}`);
  return reply.backfillId;
}

export async function backfillStatus(graphql: DagsterGraphql, id: string): Promise<string> {
  const { partitionBackfillOrError: found } = await graphql.query<{
    partitionBackfillOrError: { status: string };
  }>(
    "query ($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }",
    {
      id,
    },
  );
  return found.status;
}

/** Partitions of an asset that are materialised. */
export async function materializedPartitions(
  graphql: DagsterGraphql,
  asset: string,
): Promise<readonly string[]> {
  const { assetNodeOrError: node } = await graphql.query<{
    assetNodeOrError: { assetMaterializations: { partition: string | null }[] };
  }>(
    `query ($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
       assetMaterializations(limit: 100) { partition } } } }`,
    { key: { path: [asset] } },
  );
  return node.assetMaterializations.flatMap(({ partition }) => partition ?? []).sort();
}

/** HEALTHY while the asset is fresh, DEGRADED when it is not, UNKNOWN before it was ever made. */
export async function freshness(graphql: DagsterGraphql, asset: string): Promise<string | undefined> {
  const { assetNodeOrError: node } = await graphql.query<{
    assetNodeOrError: { freshnessStatusInfo: { freshnessStatus: string } | null };
  }>(
    `query ($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
       freshnessStatusInfo { freshnessStatus } } } }`,
    { key: { path: [asset] } },
  );
  return node.freshnessStatusInfo?.freshnessStatus;
}

interface Evaluation {
  readonly numRequested: number;
  readonly evaluationNodes: readonly {
    readonly userLabel: string | null;
    readonly expandedLabel: readonly string[];
  }[];
}

/** What the daemon noted about an asset's condition, the newest first. */
export async function evaluations(graphql: DagsterGraphql, asset: string): Promise<readonly Evaluation[]> {
  const { assetConditionEvaluationRecordsOrError: found } = await graphql.query<{
    assetConditionEvaluationRecordsOrError: { records?: readonly Evaluation[] } | null;
  }>(
    `query ($key: AssetKeyInput!) { assetConditionEvaluationRecordsOrError(assetKey: $key, limit: 20) {
       ... on AssetConditionEvaluationRecords { records { numRequested
         evaluationNodes { userLabel expandedLabel } } } } }`,
    { key: { path: [asset] } },
  );
  return found?.records ?? [];
}

export interface Tick {
  readonly status: string;
  readonly skipReason: string | null;
  readonly error: { readonly message: string } | null;
  readonly dynamicPartitionsRequestResults: readonly {
    readonly type: string;
    readonly partitionKeys: readonly string[];
  }[];
  readonly logEvents: { readonly events: readonly { readonly message: string; readonly level: string }[] };
}

/** Ticks of a sensor, the newest first. */
export async function ticks(graphql: DagsterGraphql, sensorName: string): Promise<readonly Tick[]> {
  const { sensorOrError } = await graphql.query<{ sensorOrError: { sensorState: { ticks: Tick[] } } }>(
    `query ($sensor: SensorSelector!) { sensorOrError(sensorSelector: $sensor) { ... on Sensor { sensorState {
       ticks { status skipReason error { message } dynamicPartitionsRequestResults { type partitionKeys }
         logEvents { events { message level } } } } } } }`,
    { sensor: { ...LOCATION, sensorName } },
  );
  return sensorOrError.sensorState.ticks;
}

/** What was said about an asset outside of runs: materializations, observations and verdicts. */
export async function reported(graphql: DagsterGraphql, asset: string): Promise<unknown> {
  const { assetNodeOrError: node } = await graphql.query<{
    assetNodeOrError: {
      assetMaterializations: { metadataEntries: { label: string; intValue?: number }[] }[];
      assetObservations: { metadataEntries: { label: string }[] }[];
      assetChecksOrError: {
        checks: { name: string; executionForLatestMaterialization: { status: string } | null }[];
      };
    };
  }>(
    `query ($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
       assetMaterializations { metadataEntries { label ... on IntMetadataEntry { intValue } } }
       assetObservations { metadataEntries { label } }
       assetChecksOrError { ... on AssetChecks { checks { name
         executionForLatestMaterialization { status } } } } } } }`,
    { key: { path: [asset] } },
  );
  return {
    made: node.assetMaterializations.map(({ metadataEntries }) => metadataEntries),
    seen: node.assetObservations.map(({ metadataEntries }) => metadataEntries.map(({ label }) => label)),
    checks: node.assetChecksOrError.checks.map(({ name, executionForLatestMaterialization: found }) => [
      name,
      found?.status,
    ]),
  };
}
