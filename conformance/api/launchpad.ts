import type { DagsterGraphql } from "../../tools/graphql.ts";
import { waitFor } from "../../tools/processes.ts";
import type { Verdict } from "../verdicts.ts";

const LOCATION = { repositoryLocationName: "nouns", repositoryName: "__repository__" };

interface Selected {
  readonly jobName: string;
  readonly assets?: readonly (readonly string[])[];
  readonly checks?: readonly { readonly asset: readonly string[]; readonly name: string }[];
}

/** Queries about config and mutations that launch know a job under different names. */
const selector = (
  { jobName, assets, checks }: Selected,
  name: "pipelineName" | "jobName" = "pipelineName",
) => ({
  ...LOCATION,
  [name]: jobName,
  ...(assets === undefined ? {} : { assetSelection: assets.map((path) => ({ path })) }),
  ...(checks === undefined
    ? {}
    : { assetCheckSelection: checks.map(({ asset, name }) => ({ assetKey: { path: asset }, name })) }),
});

interface ConfigError {
  readonly reason: string;
  readonly message: string;
  readonly stack: { readonly entries: readonly { readonly fieldName?: string }[] };
}

/** Dagster's own verdict on a run config, as the launchpad shows it while it is typed. */
async function problems(graphql: DagsterGraphql, job: Selected, config: object): Promise<readonly string[]> {
  const data = await graphql.query<{
    isPipelineConfigValid: { __typename: string; errors?: readonly ConfigError[]; message?: string };
  }>(
    `query ($selector: PipelineSelector!, $config: RunConfigData) {
       isPipelineConfigValid(pipeline: $selector, runConfigData: $config, mode: "default") { __typename
         ... on RunConfigValidationInvalid { errors { reason message stack { entries {
           ... on EvaluationStackPathEntry { fieldName } } } } }
         ... on Error { message } } }`,
    { selector: selector(job), config },
  );
  const { __typename: kind, errors, message } = data.isPipelineConfigValid;
  if (kind === "PipelineConfigValidationValid") return [];
  if (errors === undefined) return [`${kind}: ${message ?? ""}`];
  return errors.map(({ reason, stack }) =>
    `${reason} ${stack.entries.map(({ fieldName = "?" }) => fieldName).join(".")}`.trim(),
  );
}

interface ConfigType {
  readonly key: string;
  readonly fields?: readonly {
    readonly name: string;
    readonly isRequired: boolean;
    readonly configTypeKey: string;
  }[];
}

/** The shape that the launchpad's editor offers: `name` or `name!` for what a run must say. */
async function shape(
  graphql: DagsterGraphql,
  jobName: string,
  path: readonly string[],
): Promise<readonly string[]> {
  const data = await graphql.query<{
    runConfigSchemaOrError: { rootConfigType?: { key: string }; allConfigTypes?: readonly ConfigType[] };
  }>(
    `query ($selector: PipelineSelector!) { runConfigSchemaOrError(selector: $selector) {
       ... on RunConfigSchema { rootConfigType { key }
         allConfigTypes { key ... on CompositeConfigType { fields { name isRequired configTypeKey } } } } } }`,
    { selector: selector({ jobName }) },
  );
  const { rootConfigType, allConfigTypes = [] } = data.runConfigSchemaOrError;
  const types = new Map(allConfigTypes.map((type) => [type.key, type]));
  let type = types.get(rootConfigType?.key ?? "");
  for (const name of path) {
    type = types.get(type?.fields?.find((field) => field.name === name)?.configTypeKey ?? "");
  }
  return (type?.fields ?? []).map(({ name, isRequired }) => (isRequired ? `${name}!` : name)).sort();
}

export interface RunEvent {
  readonly __typename: string;
  readonly assetKey?: { readonly path: readonly string[] } | null;
  readonly stepKey?: string | null;
  readonly metadataEntries?: readonly MetadataEntry[];
  readonly evaluation?: { readonly checkName: string; readonly success: boolean };
}

export interface MetadataEntry {
  readonly __typename: string;
  readonly label: string;
  readonly text?: string;
  readonly intRepr?: string;
  readonly floatValue?: number;
  readonly boolValue?: boolean;
}

export interface LaunchedRun {
  readonly status: string;
  /** Why it was not launched. */
  readonly refused: readonly string[];
  readonly events: readonly RunEvent[];
}

/** Launches a run as the UI does, and waits for its end. */
export async function launch(
  graphql: DagsterGraphql,
  job: Selected,
  config: object,
  tags: Readonly<Record<string, string>> = {},
): Promise<LaunchedRun> {
  const reply = await graphql.query<{
    launchRun: {
      __typename: string;
      run?: { runId: string };
      errors?: readonly ConfigError[];
      message?: string;
    };
  }>(
    `mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename
       ... on LaunchRunSuccess { run { runId } } ... on RunConfigValidationInvalid { errors { reason message } }
       ... on Error { message } } }`,
    {
      params: {
        selector: selector(job, "jobName"),
        runConfigData: config,
        mode: "default",
        executionMetadata: { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) },
      },
    },
  );
  const { run, errors, message } = reply.launchRun;
  if (run === undefined) {
    return {
      status: reply.launchRun.__typename,
      refused: errors?.map((one) => one.reason) ?? [message ?? ""],
      events: [],
    };
  }
  const ended = await waitFor(`run ${run.runId}`, 120, async () => {
    const data = await graphql.query<{ runOrError: { status: string } }>(
      "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }",
      { id: run.runId },
    );
    return ["SUCCESS", "FAILURE", "CANCELED"].includes(data.runOrError.status) ? data.runOrError : undefined;
  });
  const logs = await graphql.query<{ logsForRun: { events: readonly RunEvent[] } }>(
    `query ($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events { __typename
       ... on MessageEvent { stepKey }
       ... on MaterializationEvent { assetKey { path } metadataEntries { ...entry } }
       ... on ObservationEvent { assetKey { path } metadataEntries { ...entry } }
       ... on AssetMaterializationPlannedEvent { assetKey { path } }
       ... on AssetCheckEvaluationEvent { evaluation { checkName success } } } } } }
     fragment entry on MetadataEntry { __typename label ... on TextMetadataEntry { text }
       ... on IntMetadataEntry { intRepr } ... on FloatMetadataEntry { floatValue } ... on BoolMetadataEntry { boolValue } }`,
    { id: run.runId },
  );
  return { status: ended.status, refused: [], events: logs.logsForRun.events };
}

const orders: Selected = { jobName: "__ASSET_JOB", assets: [["shop", "orders"]] };
const port = (value: unknown) => ({ resources: { warehouse: { config: { port: value } } } });

/** Typed config: what the launchpad shows, what Dagster's own validation says, and what reaches the code. */
export async function launchpad(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  verdict(
    "fields of a resource",
    ["host", "mode", "port!", "token"],
    await shape(graphql, "__ASSET_JOB", ["resources", "warehouse", "config"]),
  );
  verdict(
    "the same in a job that gives a default",
    ["host", "mode", "port", "token"],
    await shape(graphql, "preset", ["resources", "warehouse", "config"]),
  );
  verdict(
    "resources that a run may configure",
    ["clock", "store", "warehouse"],
    await shape(graphql, "preset", ["resources"]),
  );
  verdict(
    "fields of an op",
    ["limit", "tags"],
    await shape(graphql, "preset", ["ops", "shop__orders", "config"]),
  );
  verdict("a job's own config", ["limit", "port!"], await shape(graphql, "short", []));

  verdict("a good config", [], await problems(graphql, orders, port(5432)));
  verdict("a missing section", ["MISSING_REQUIRED_FIELD"], await problems(graphql, orders, {}));
  verdict(
    "a wrong type",
    ["RUNTIME_TYPE_MISMATCH resources.warehouse.config.port"],
    await problems(graphql, orders, port("x")),
  );
  verdict(
    "a missing field",
    ["MISSING_REQUIRED_FIELD resources.warehouse.config"],
    await problems(graphql, orders, { resources: { warehouse: { config: { host: "h" } } } }),
  );
  verdict(
    "an unknown field",
    ["FIELD_NOT_DEFINED resources.warehouse.config"],
    await problems(graphql, orders, { resources: { warehouse: { config: { port: 1, prot: 2 } } } }),
  );
  verdict(
    "a value outside of its choices",
    ["RUNTIME_TYPE_MISMATCH resources.warehouse.config.mode"],
    await problems(graphql, orders, { resources: { warehouse: { config: { port: 1, mode: "slow" } } } }),
  );
  verdict(
    "a wrong op config",
    ["RUNTIME_TYPE_MISMATCH ops.shop__orders.config.limit"],
    await problems(graphql, orders, { ...port(1), ops: { shop__orders: { config: { limit: "many" } } } }),
  );
  verdict(
    "an unknown resource",
    ["FIELD_NOT_DEFINED resources"],
    await problems(graphql, orders, { resources: { ...port(1).resources, nope: {} } }),
  );
  verdict(
    "a wrong config of the job's own",
    ["FIELD_NOT_DEFINED", "MISSING_REQUIRED_FIELD"],
    (await problems(graphql, { jobName: "short" }, { prot: 1 })).toSorted(),
  );
  verdict("a job with defaults", [], await problems(graphql, { jobName: "preset" }, {}));
  verdict(
    "a part of it, with the config of the whole",
    [],
    await problems(
      graphql,
      { jobName: "preset", assets: [["two"]], checks: [] },
      { resources: port(1).resources, ops: { shop__orders: { config: { limit: 7 } } } },
    ),
  );

  verdict(
    "a run that is refused",
    ["RunConfigValidationInvalid", ["RUNTIME_TYPE_MISMATCH"]],
    await refusal(graphql, orders, port("x")),
  );
  await reached(graphql, verdict);
}

async function refusal(graphql: DagsterGraphql, job: Selected, config: object) {
  const { status, refused } = await launch(graphql, job, config);
  return [status, refused];
}

const said = ({ events }: LaunchedRun, labels: readonly string[]) => {
  const event = events.find(({ __typename }) => __typename === "MaterializationEvent");
  return labels.map((label) => {
    const entry = event?.metadataEntries?.find((one) => one.label === label);
    return entry?.text ?? entry?.intRepr ?? entry?.floatValue ?? entry?.boolValue;
  });
};

async function reached(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  const labels = ["where", "has_token", "limit"];
  verdict(
    "defaults and the environment reach the code",
    ["safe://localhost:5432", true, "100"],
    said(await launch(graphql, orders, port(5432)), labels),
  );
  const typed = {
    ops: { shop__orders: { config: { limit: 3 } } },
    resources: { warehouse: { config: { port: 7, host: "db", mode: "fast", token: "other" } } },
  };
  verdict(
    "typed values reach the code",
    ["fast://db:7", false, "3"],
    said(await launch(graphql, orders, typed), labels),
  );
  verdict(
    "a config mapping reaches the code",
    ["safe://localhost:9", true, "5"],
    said(await launch(graphql, { jobName: "short" }, { port: 9 }), labels),
  );
  const preset = await launch(graphql, { jobName: "preset", assets: [["shop", "orders"]] }, {});
  verdict("a job's defaults reach the code", ["safe://localhost:1", true, "7"], said(preset, labels));
  verdict(
    "an environment variable that is not set fails the run",
    "FAILURE",
    (
      await launch(graphql, orders, {
        resources: { warehouse: { config: { port: 1, token: { env: "NOT_SET_HERE" } } } },
      })
    ).status,
  );
  await byPartition(graphql, verdict);
}

async function byPartition(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  const data = await graphql.query<{
    partitionSetOrError: { partitionsOrError?: unknown; partition?: { runConfigOrError: { yaml?: string } } };
  }>(
    `query ($selector: RepositorySelector!) { partitionSetOrError(repositorySelector: $selector,
       partitionSetName: "regions_partition_set") { ... on PartitionSet { partition(partitionName: "eu") {
         runConfigOrError { ... on PartitionRunConfig { yaml } } } } } }`,
    { selector: LOCATION },
  );
  const yaml = data.partitionSetOrError.partition?.runConfigOrError.yaml ?? "";
  verdict("a partition's config is what the launchpad begins with", true, yaml.includes("rate: 1.25"));
  const run = await launch(
    graphql,
    { jobName: "regions" },
    { ops: { regional: { config: { rate: 1.25 } } } },
    { "dagster/partition": "eu" },
  );
  verdict("a partition's config reaches the code", [1.25, "eu"], said(run, ["rate", "region"]));
}
