import type { DagsterGraphql } from "../../tools/graphql.ts";
import { launch, type MetadataEntry, type RunEvent } from "./launchpad.ts";
import type { Verdict } from "../verdicts.ts";

interface AssetNode {
  readonly assetKey: { readonly path: readonly string[] };
  readonly groupName: string;
  readonly kinds: readonly string[];
  readonly owners: readonly { readonly team?: string; readonly email?: string }[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly description: string | null;
  readonly pools: readonly string[];
  readonly isMaterializable: boolean;
  readonly isObservable: boolean;
  readonly isPartitioned: boolean;
  readonly opVersion: string | null;
  readonly metadataEntries: readonly MetadataEntry[];
  readonly internalFreshnessPolicy: { readonly __typename: string } | null;
  readonly automationCondition: { readonly label: string | null } | null;
  readonly requiredResources: readonly { readonly resourceKey: string }[];
  readonly assetChecksOrError: {
    readonly checks?: readonly { readonly name: string; readonly blocking: boolean }[];
  };
}

const KINDS: Readonly<Record<string, string>> = {
  text: "TextMetadataEntry",
  url: "UrlMetadataEntry",
  path: "PathMetadataEntry",
  notebook: "NotebookMetadataEntry",
  json: "JsonMetadataEntry",
  markdown: "MarkdownMetadataEntry",
  float: "FloatMetadataEntry",
  int: "IntMetadataEntry",
  bool: "BoolMetadataEntry",
  nothing: "NullMetadataEntry",
  timestamp: "TimestampMetadataEntry",
  run: "PipelineRunMetadataEntry",
  asset: "AssetMetadataEntry",
  job: "JobMetadataEntry",
  python: "PythonArtifactMetadataEntry",
  pool: "PoolMetadataEntry",
  table: "TableMetadataEntry",
  "dagster/column_schema": "TableSchemaMetadataEntry",
  "dagster/column_lineage": "TableColumnLineageMetadataEntry",
  "dagster/code_references": "CodeReferencesMetadataEntry",
};

/** Labels whose kind is another one than expected. */
const otherKinds = (entries: readonly MetadataEntry[]): readonly string[] =>
  Object.entries(KINDS).flatMap(([label, kind]) => {
    const found = entries.find((one) => one.label === label)?.__typename ?? "nothing";
    return found === kind ? [] : [`${label}: ${found}`];
  });

/** Every noun of the API, as the page of an asset, job, schedule, sensor or resource shows it. */
export async function nouns(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  const { assetNodes } = await graphql.query<{ assetNodes: readonly AssetNode[] }>(
    `{ assetNodes { assetKey { path } groupName kinds description pools isMaterializable isObservable isPartitioned
       opVersion owners { ... on TeamAssetOwner { team } ... on UserAssetOwner { email } } tags { key value }
       metadataEntries { __typename label ... on IntMetadataEntry { intRepr } ... on TextMetadataEntry { text } }
       internalFreshnessPolicy { __typename } automationCondition { label } requiredResources { resourceKey }
       assetChecksOrError { ... on AssetChecks { checks { name blocking } } } } }`,
  );
  const find = (name: string) => assetNodes.find(({ assetKey }) => assetKey.path.join("/") === name);
  const orders = find("shop/orders");
  verdict(
    "group, kinds, version",
    ["shop", ["duckdb", "typescript"], "v3"],
    [orders?.groupName, orders?.kinds.toSorted(), orders?.opVersion],
  );
  verdict("owners", [{ team: "shop" }, { email: "ada@example.com" }], orders?.owners);
  verdict(
    "tags",
    [{ key: "tier", value: "gold" }],
    orders?.tags.filter(({ key }) => !key.startsWith("dagster/kind/")),
  );
  verdict(
    "description and pools",
    ["What was **bought**", ["warehouse"]],
    [orders?.description, orders?.pools],
  );
  verdict("freshness", "TimeWindowFreshnessPolicy", orders?.internalFreshnessPolicy?.__typename);
  verdict("resources of an asset", [{ resourceKey: "store" }], orders?.requiredResources);
  verdict(
    "checks",
    [
      { name: "inline", blocking: true },
      { name: "looks_right", blocking: false },
    ],
    orders?.assetChecksOrError.checks,
  );
  verdict("every kind of metadata on a definition", [], otherKinds(orders?.metadataEntries ?? []));
  verdict(
    "a large integer",
    "9007199254740993",
    orders?.metadataEntries.find(({ label }) => label === "int")?.intRepr,
  );
  verdict(
    "external, observable",
    [false, false, true],
    [find("elsewhere")?.isMaterializable, find("elsewhere")?.isObservable, find("watched")?.isObservable],
  );
  verdict(
    "automation, partitions",
    ["eager", true],
    [find("regional")?.automationCondition?.label, find("regional")?.isPartitioned],
  );
  await componentsPage(find("counted/item_a"), find("counted/item_b"), verdict);
  await runs(graphql, verdict);
  await pages(graphql, verdict);
}

async function componentsPage(
  first: AssetNode | undefined,
  second: AssetNode | undefined,
  verdict: Verdict,
): Promise<void> {
  verdict(
    "post_processing in the UI",
    ["stock", ["json"], [{ team: "stock" }], "made of item_a", "on_cron(@daily, UTC)"],
    [first?.groupName, first?.kinds, first?.owners, first?.description, first?.automationCondition?.label],
  );
  verdict(
    "template variables in the UI",
    "THING in stock",
    first?.metadataEntries.find(({ label }) => label === "note")?.text,
  );
  verdict("the other document is left alone", ["default", []], [second?.groupName, second?.kinds]);
}

const made = (events: readonly RunEvent[], type: string): readonly string[] =>
  events
    .flatMap(({ __typename, assetKey }) => (__typename === type ? [assetKey?.path.join("/") ?? ""] : []))
    .sort();

const evaluated = (events: readonly RunEvent[]) =>
  events.flatMap(({ evaluation }) => (evaluation ? [[evaluation.checkName, evaluation.success]] : []));

async function runs(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  const all = { jobName: "__ASSET_JOB" };
  const part = await launch(graphql, { ...all, assets: [["two"], ["three"]] }, {});
  verdict(
    "a part of a multi-asset",
    ["SUCCESS", ["three", "two"], ["three", "two"]],
    [
      part.status,
      made(part.events, "MaterializationEvent"),
      made(part.events, "AssetMaterializationPlannedEvent"),
    ],
  );
  verdict("with its check", [["three_is_good", true]], evaluated(part.events));
  const alone = await launch(
    graphql,
    { ...all, assets: [], checks: [{ asset: ["shop", "orders"], name: "looks_right" }] },
    {},
  );
  verdict(
    "a check alone",
    ["SUCCESS", [["looks_right", true]], []],
    [alone.status, evaluated(alone.events), made(alone.events, "MaterializationEvent")],
  );
  const blocked = await launch(graphql, { ...all, assets: [["refused"], ["after_refused"]] }, {});
  verdict(
    "a blocking check stops what comes after",
    ["FAILURE", ["refused"], [["strict", false]]],
    [blocked.status, made(blocked.events, "MaterializationEvent"), evaluated(blocked.events)],
  );
  const again = await launch(graphql, { ...all, assets: [["flaky"]] }, {});
  verdict(
    "a retry",
    ["SUCCESS", 1],
    [
      again.status,
      again.events.filter(({ __typename }) => __typename === "ExecutionStepUpForRetryEvent").length,
    ],
  );
  const seen = await launch(graphql, { ...all, assets: [["watched"]] }, {});
  verdict("an observation", ["SUCCESS", ["watched"]], [seen.status, made(seen.events, "ObservationEvent")]);
  const whole = await launch(
    graphql,
    { ...all, assets: [["shop", "orders"]] },
    { resources: { warehouse: { config: { port: 1 } } } },
  );
  const event = whole.events.find(({ __typename }) => __typename === "MaterializationEvent");
  verdict("every kind of metadata on an event", [], otherKinds(event?.metadataEntries ?? []));
}

async function pages(graphql: DagsterGraphql, verdict: Verdict): Promise<void> {
  const selector = { repositoryLocationName: "nouns", repositoryName: "__repository__" };
  const data = await graphql.query<{
    allTopLevelResourceDetailsOrError: {
      results?: readonly {
        name: string;
        nestedResources: readonly object[];
        parentResources: readonly object[];
        configuredValues: readonly { key: string; value: string; type: string }[];
        sensorsUsing: readonly string[];
        schedulesUsing: readonly string[];
      }[];
    };
    scheduleDryRun?: unknown;
  }>(
    `query ($selector: RepositorySelector!) { allTopLevelResourceDetailsOrError(repositorySelector: $selector) {
       ... on ResourceDetailsList { results { name nestedResources { resource { name } } parentResources { resource { name } }
         configuredValues { key value type } sensorsUsing schedulesUsing } } } }`,
    { selector },
  );
  const found = (name: string) =>
    data.allTopLevelResourceDetailsOrError.results?.find((one) => one.name === name);
  verdict(
    "what a resource is built on",
    [[{ resource: { name: "warehouse" } }], [{ resource: { name: "store" } }]],
    [found("store")?.nestedResources, found("warehouse")?.parentResources],
  );
  verdict(
    "a value from the environment, by name",
    [{ key: "token", value: "NOUNS_TOKEN", type: "ENV_VAR" }],
    found("warehouse")?.configuredValues,
  );
  verdict(
    "who uses a resource",
    [["looking"], ["hourly"]],
    [found("clock")?.sensorsUsing, found("clock")?.schedulesUsing],
  );
  const tick = await graphql.query<{
    scheduleDryRun: {
      evaluationResult?: { runRequests: readonly { runKey: string; runConfigYaml: string }[] };
    };
  }>(
    `mutation ($selector: ScheduleSelector!) { scheduleDryRun(selectorData: $selector, timestamp: 1795000000) {
       ... on DryRunInstigationTick { evaluationResult { runRequests { runKey runConfigYaml } } } } }`,
    { selector: { ...selector, scheduleName: "hourly" } },
  );
  const [request] = tick.scheduleDryRun.evaluationResult?.runRequests ?? [];
  verdict(
    "a schedule with a resource and a partition's config",
    ["at-7", true],
    [request?.runKey, request?.runConfigYaml.includes("1.25")],
  );
}
