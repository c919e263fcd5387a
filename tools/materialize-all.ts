import { groupBy } from "./collections.ts";
import type { DagsterGraphql } from "./graphql.ts";
import { locationName } from "./host.ts";
import { waitFor } from "./processes.ts";

interface AssetNode {
  readonly assetKey: { readonly path: string[] };
  readonly isMaterializable: boolean;
  readonly partitionKeyConnection: { readonly results: string[] } | null;
  readonly dependencyKeys: { readonly path: string[] }[];
}

export interface BuiltAsset {
  readonly asset: string;
  readonly partitions: number;
  /** Written by this run; empty where the engine cannot tell, and for views. */
  readonly written: string;
  readonly seconds: string;
  readonly checks: string;
}

export interface RunReport {
  readonly runId: string;
  readonly status: string;
  readonly error: string | undefined;
  readonly assets: readonly BuiltAsset[];
}

const finalStatuses = new Set(["SUCCESS", "FAILURE", "CANCELED"]);

/**
 * Launches everything of the location through the run queue: one run for the unpartitioned assets, then one ranged
 * run for each group of assets that share their partition keys.
 */
export async function materializeAll(graphql: DagsterGraphql): Promise<readonly RunReport[]> {
  const nodes = await assetNodes(graphql);
  const plain = nodes.filter((node) => node.partitionKeyConnection === null);
  const partitioned = groupBy(
    nodes.filter((node) => node.partitionKeyConnection !== null),
    (node) => JSON.stringify(node.partitionKeyConnection?.results),
  );
  const reports: RunReport[] = [];
  const paths = (some: readonly AssetNode[]) => some.map(({ assetKey }) => assetKey.path);
  if (plain.length > 0) reports.push(await runAssets(graphql, paths(plain)));
  for (const group of partitioned.values()) {
    const keys = group[0]?.partitionKeyConnection?.results ?? [];
    if (keys.length > 0) reports.push(await runAssets(graphql, paths(group), keys));
  }
  return reports;
}

async function assetNodes(graphql: DagsterGraphql): Promise<readonly AssetNode[]> {
  const data = await graphql.query<{ assetNodes: (AssetNode & { isPartitioned: boolean })[] }>(
    `{ assetNodes { assetKey { path } isMaterializable isPartitioned dependencyKeys { path }
       partitionKeyConnection(limit: 100000, ascending: true) { results } } }`,
  );
  return data.assetNodes
    .filter((node) => node.isMaterializable)
    .map((node) => ({
      ...node,
      partitionKeyConnection: node.isPartitioned ? node.partitionKeyConnection : null,
    }));
}

/** Launches one run of these assets, for the range of these partitions, and waits for its end. */
export async function runAssets(
  graphql: DagsterGraphql,
  assets: readonly (readonly string[])[],
  partitionKeys: readonly string[] = [],
  location: string = locationName,
): Promise<RunReport> {
  const [first, last] = [partitionKeys[0], partitionKeys.at(-1)];
  const tags =
    first === undefined || last === undefined
      ? []
      : [
          { key: "dagster/asset_partition_range_start", value: first },
          { key: "dagster/asset_partition_range_end", value: last },
        ];
  const runId = await launchAssets(graphql, assets, tags, location);
  const status = await waitForRun(graphql, runId);
  return summarize(runId, status, await allEvents(graphql, runId));
}

export interface RunTag {
  readonly key: string;
  readonly value: string;
}

/** Launches one run of these assets, and gives its id. */
export async function launchAssets(
  graphql: DagsterGraphql,
  assets: readonly (readonly string[])[],
  tags: readonly RunTag[] = [],
  location: string = locationName,
): Promise<string> {
  const reply = await graphql.query<{
    launchRun: { __typename: string; run?: { runId: string }; message?: string };
  }>(
    `mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
       ... on LaunchRunSuccess { run { runId } } ... on Error { message } } }`,
    {
      params: {
        selector: {
          repositoryLocationName: location,
          repositoryName: "__repository__",
          jobName: "__ASSET_JOB",
          assetSelection: assets.map((path) => ({ path })),
        },
        runConfigData: {},
        mode: "default",
        executionMetadata: { tags },
      },
    },
  );
  const runId = reply.launchRun.run?.runId;
  if (!runId)
    throw new Error(`Dagster refused the run: ${reply.launchRun.message ?? reply.launchRun.__typename}`);
  return runId;
}

/** The status that a run ends with. */
export async function waitForRun(graphql: DagsterGraphql, runId: string): Promise<string> {
  const run = await waitFor(
    `run ${runId}`,
    600,
    async () => {
      const data = await graphql.query<{ runOrError: { status: string } }>(
        "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }",
        { id: runId },
      );
      return finalStatuses.has(data.runOrError.status) ? data.runOrError : undefined;
    },
    300,
  );
  return run.status;
}

interface RunEvent {
  readonly __typename: string;
  readonly assetKey?: { readonly path: string[] } | null;
  readonly partition?: string | null;
  readonly metadataEntries?: { readonly label: string; readonly intValue?: number | null }[];
  readonly evaluation?: { readonly assetKey: { readonly path: string[] }; readonly success: boolean };
  readonly error?: { readonly message: string } | null;
}

async function allEvents(graphql: DagsterGraphql, runId: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const data: { logsForRun: { events: RunEvent[]; cursor: string; hasMore: boolean } } =
      await graphql.query(
        `query ($id: ID!, $cursor: String) { logsForRun(runId: $id, afterCursor: $cursor) { ... on EventConnection {
         cursor hasMore events { __typename
           ... on MaterializationEvent { assetKey { path } partition
             metadataEntries { label ... on IntMetadataEntry { intValue } } }
           ... on AssetCheckEvaluationEvent { evaluation { assetKey { path } success } }
           ... on ExecutionStepFailureEvent { error { message } }
           ... on RunFailureEvent { error { message } } } } } }`,
        { id: runId, cursor },
      );
    events.push(...data.logsForRun.events);
    cursor = data.logsForRun.cursor;
    more = data.logsForRun.hasMore;
  }
  return events;
}

function summarize(runId: string, status: string, events: readonly RunEvent[]): RunReport {
  const materialized = groupBy(
    events.filter((event) => event.__typename === "MaterializationEvent"),
    (event) => event.assetKey?.path.join("/") ?? "",
  );
  const evaluations = groupBy(
    events.flatMap((event) => event.evaluation ?? []),
    (evaluation) => evaluation.assetKey.path.join("/"),
  );
  const assets = [...materialized].map(([asset, group]): BuiltAsset => {
    const numbers = (label: string) =>
      group.flatMap((event) => event.metadataEntries?.find((entry) => entry.label === label)?.intValue ?? []);
    const checks = evaluations.get(asset) ?? [];
    const rows = numbers("dagster-rocky/rows_copied");
    return {
      asset,
      partitions: group.filter((event) => event.partition).length,
      written: rows.length === 0 ? "" : String(sum(rows)),
      seconds: (sum(numbers("dagster/duration_ms")) / 1000).toFixed(2),
      checks:
        checks.length === 0
          ? ""
          : `${checks.filter((check) => check.success).length}/${checks.length} passed`,
    };
  });
  const error = events.find((event) => event.error)?.error?.message;
  return { runId, status, error, assets: assets.sort((a, b) => a.asset.localeCompare(b.asset)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
