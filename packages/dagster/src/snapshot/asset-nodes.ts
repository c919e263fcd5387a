import type { FreshnessPolicy } from "../definitions/assets.ts";
import {
  type AssetNode,
  type CompiledRepository,
  isObservable,
  type OpNode,
  type ParentEdge,
} from "../planning/index.ts";
import {
  compareText,
  nestTemplate,
  presetTemplate,
  type WireFilled,
  type WireObject,
  type WireValue,
  wire,
  wireEnum,
  wireSet,
  wireTemplate,
} from "../wire/index.ts";
import { automationPolicy, timeDelta } from "./automation.ts";
import { type JobMembership, jobMembership } from "./job-membership.ts";
import { keyTemplate } from "./keys.ts";
import { metadataEntries } from "./metadata.ts";
import { backfillPolicy, partitionMapping, partitionsData } from "./partitions.ts";
import { sharedTemplates } from "./shared-templates.ts";
import { SharedTexts, written } from "./shared-texts.ts";

/** Makes one `ExternalAssetNode` after the other, for a streamed document. */
export function* assetNodes(repository: CompiledRepository): Generator<WireFilled, void, undefined> {
  const jobs = jobMembership(repository);
  const shared = new SharedTexts();
  const ownTemplate = sharedTemplates<AssetNode, OpNode | "external", OwnField>(
    ({ op }) => (op === undefined ? "external" : op.assets.length > 1 ? op : undefined),
    (asset) => commonSources(asset, jobs),
    (asset) => presetTemplate(filledNode, commonFields(asset, jobs, shared)),
  );
  for (const asset of repository.assetGraph.assets) {
    const own = ownFields(asset, shared);
    const template = ownTemplate(asset);
    yield template === undefined
      ? filledNode(Object.assign(commonFields(asset, jobs, shared), own))
      : template(own);
  }
}

const nodeTemplate = wireTemplate(
  "ExternalAssetNode",
  [
    "asset_key",
    "dependencies",
    "execution_type",
    "op_name",
    "op_names",
    "node_definition_name",
    "output_name",
    "pools",
    "code_version",
    "op_description",
    "job_names",
    "partitions_def_data",
    "metadata_entries",
    "tags",
    "group_name",
    "new_freshness_policy",
    "is_source",
    "is_observable",
    "atomic_execution_unit_id",
    "required_top_level_resources",
    "auto_materialize_policy",
    "backfill_policy",
    "owners",
  ],
  {
    compute_kind: null,
    graph_name: null,
    freshness_policy: null,
    automation_condition_snapshot: null,
    auto_observe_interval_minutes: null,
    is_virtual: false,
  },
);
const filledNode = nestTemplate(nodeTemplate, "asset_key", keyTemplate);

const NO_POOLS = written(wireSet([]));
const executionTypes = {
  UNEXECUTABLE: written(wireEnum("AssetExecutionType", "UNEXECUTABLE")),
  OBSERVATION: written(wireEnum("AssetExecutionType", "OBSERVATION")),
  MATERIALIZATION: written(wireEnum("AssetExecutionType", "MATERIALIZATION")),
} as const;

/** What each asset has for itself; the rest is mostly the same for all assets of an op. */
type OwnField =
  | "path"
  | "dependencies"
  | "output_name"
  | "code_version"
  | "op_description"
  | "metadata_entries";

const ownFields = (asset: AssetNode, shared: SharedTexts): Record<OwnField, WireValue> => {
  const { spec, op } = asset;
  const definition = definitionOf(asset);
  return {
    path: asset.key.path,
    dependencies: asset.parents.map((edge) => dependency(asset, edge, shared)),
    output_name: op === undefined ? null : shared.outputName(op, asset),
    code_version: spec.codeVersion ?? null,
    op_description: spec.description ?? definition?.description ?? null,
    metadata_entries: metadataEntries(spec.metadata, definition?.codeReferences),
  };
};

/** What the common fields are made from, beside the op. */
const commonSources = (asset: AssetNode, jobs: JobMembership): readonly unknown[] => {
  const { spec } = asset;
  return [
    jobs.primaryNode(asset),
    jobs.namesOf(asset),
    asset.partitionsDef,
    spec.tags,
    spec.kinds,
    spec.groupName,
    spec.freshnessPolicy,
    spec.automationCondition,
    spec.owners,
  ];
};

function commonFields(asset: AssetNode, jobs: JobMembership, shared: SharedTexts) {
  const { spec, op } = asset;
  const definition = definitionOf(asset);
  const node = jobs.primaryNode(asset);
  return {
    execution_type: executionTypes[executionType(asset)],
    op_name: node?.name ?? null,
    op_names: node === undefined ? [] : [node.name],
    node_definition_name: op?.name ?? null,
    pools: definition?.pool === undefined ? NO_POOLS : wireSet([definition.pool]),
    job_names: shared.list(jobs.namesOf(asset)),
    partitions_def_data: shared.once(asset.partitionsDef, partitionsData),
    tags: tagsOf(asset),
    group_name: spec.groupName,
    new_freshness_policy: shared.once(spec.freshnessPolicy, freshnessPolicy),
    is_source: op === undefined || isObservable(asset),
    is_observable: isObservable(asset),
    atomic_execution_unit_id: op === undefined ? null : shared.executionUnit(op),
    required_top_level_resources:
      shared.once(definition?.requiredResourceKeys, (keys) => keys.toSorted(compareText)) ?? [],
    auto_materialize_policy: shared.once(spec.automationCondition, automationPolicy),
    backfill_policy: shared.once(definition?.backfillPolicy, backfillPolicy),
    owners: spec.owners,
  };
}

const definitionOf = ({ op }: AssetNode) => (op?.definition.kind === "assets" ? op.definition : undefined);

const filledDependency = nestTemplate(
  wireTemplate("ExternalAssetDependency", ["upstream_asset_key", "partition_mapping"]),
  "upstream_asset_key",
  keyTemplate,
);

function dependency(child: AssetNode, edge: ParentEdge, shared: SharedTexts): WireFilled {
  const isPartitioned = child.partitionsDef !== undefined || edge.asset.partitionsDef !== undefined;
  const mapping = isPartitioned ? edge.partitionMapping : undefined;
  return filledDependency({
    path: edge.asset.key.path,
    partition_mapping: shared.once(mapping, partitionMapping),
  });
}

const executionType = (asset: AssetNode): "MATERIALIZATION" | "OBSERVATION" | "UNEXECUTABLE" =>
  asset.op === undefined ? "UNEXECUTABLE" : isObservable(asset) ? "OBSERVATION" : "MATERIALIZATION";

const kindTags = new Map<string, string>();

const kindTag = (kind: string): string => {
  const known = kindTags.get(kind) ?? `dagster/kind/${kind}`;
  kindTags.set(kind, known);
  return known;
};

function tagsOf({ spec }: AssetNode): Readonly<Record<string, string>> {
  if (spec.kinds.length === 0) return spec.tags;
  const tags: Record<string, string> = { ...spec.tags };
  for (const kind of spec.kinds) tags[kindTag(kind)] = "";
  return tags;
}

export function freshnessPolicy(policy: FreshnessPolicy): WireObject {
  if (policy.kind === "timeWindow") {
    return wire("TimeWindowFreshnessPolicy", {
      fail_window: timeDelta(policy.failWindow),
      warn_window: policy.warnWindow === undefined ? null : timeDelta(policy.warnWindow),
    });
  }
  return wire("CronFreshnessPolicy", {
    deadline_cron: policy.deadlineCron,
    lower_bound_delta: timeDelta(policy.lowerBoundDelta),
    timezone: policy.timezone,
  });
}
