import { createHash } from "node:crypto";
import type { FreshnessPolicy } from "../definitions/assets.ts";
import {
  type AssetNode,
  type CheckNode,
  type CompiledJob,
  type CompiledRepository,
  type JobNode,
  isObservable,
  type OpNode,
  type ParentEdge,
} from "../planning/index.ts";
import {
  compareText,
  pythonText,
  quote,
  type WireObject,
  type WireText,
  wire,
  wireEnum,
  wireSet,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { automationPolicy, automationTree, timeDelta } from "./automation.ts";
import { assetCheckKey, assetKey } from "./keys.ts";
import { metadataEntries } from "./metadata.ts";
import { backfillPolicy, partitionMapping, partitionsData } from "./partitions.ts";

/** Which jobs hold an asset or check, by its id; jobs are visited in name order. */
export interface JobMembership {
  readonly jobNames: ReadonlyMap<string, readonly string[]>;
  /** The node of the first job that holds the asset; it stands for the asset in the UI. */
  readonly primaryNode: (asset: AssetNode) => JobNode | undefined;
}

export function jobMembership(jobs: readonly CompiledJob[]): JobMembership {
  const jobNames = new Map<string, string[]>();
  const note = (id: string, job: string): void => {
    const names = jobNames.get(id);
    if (names === undefined) jobNames.set(id, [job]);
    else names.push(job);
  };
  for (const job of jobs) {
    for (const asset of job.selection.assets) note(asset.id, job.name);
    for (const check of job.selection.checks) note(check.id, job.name);
  }
  const primaryNode = (asset: AssetNode): JobNode | undefined => {
    for (const job of jobs) {
      const node = job.graph.nodeByAsset.get(asset.id);
      if (node !== undefined) return node;
    }
    return undefined;
  };
  return { jobNames, primaryNode };
}

/** Makes one `ExternalAssetNode` after the other, for a streamed document. */
export function* assetNodes(repository: CompiledRepository): Generator<WireObject, void, undefined> {
  const membership = jobMembership(repository.jobs);
  const shared = new SharedTexts();
  for (const asset of repository.assetGraph.assets) yield assetNode(asset, membership, shared);
}

/** Texts that many nodes repeat are written once. */
class SharedTexts {
  readonly #byObject = new WeakMap<object, WireText>();
  readonly #unitIds = new Map<OpNode, string | null>();

  once<T extends object>(value: T, make: (value: T) => WireObject): WireText {
    const known = this.#byObject.get(value);
    if (known !== undefined) return known;
    const text = wireText(writeWire(make(value)));
    this.#byObject.set(value, text);
    return text;
  }

  key(asset: AssetNode): WireText {
    const known = this.#byObject.get(asset);
    if (known !== undefined) return known;
    const path = asset.key.path.map(quote).join(", ");
    const text = wireText(`{"__class__": "AssetKey", "path": [${path}]}`);
    this.#byObject.set(asset, text);
    return text;
  }

  executionUnit(op: OpNode): string | null {
    const known = this.#unitIds.get(op);
    if (known !== undefined) return known;
    const id = executionUnitId(op);
    this.#unitIds.set(op, id);
    return id;
  }
}

function assetNode(asset: AssetNode, membership: JobMembership, shared: SharedTexts): WireObject {
  const { spec, op } = asset;
  const definition = op?.definition.kind === "assets" ? op.definition : undefined;
  const node = op === undefined ? undefined : membership.primaryNode(asset);
  const output = op?.outputs.find((candidate) => candidate.asset === asset);
  return wire("ExternalAssetNode", {
    asset_key: shared.key(asset),
    dependencies: asset.parents.map((edge) => dependency(asset, edge, shared)),
    execution_type: wireEnum("AssetExecutionType", executionType(asset)),
    compute_kind: null,
    op_name: node?.name ?? null,
    op_names: node === undefined ? [] : [node.name],
    node_definition_name: op?.name ?? null,
    graph_name: null,
    output_name: output?.name ?? null,
    pools: wireSet(definition?.pool === undefined ? [] : [definition.pool]),
    code_version: spec.codeVersion ?? null,
    op_description: spec.description ?? definition?.description ?? null,
    job_names: membership.jobNames.get(asset.id) ?? [],
    partitions_def_data:
      asset.partitionsDef === undefined ? null : shared.once(asset.partitionsDef, partitionsData),
    metadata_entries: metadataEntries(spec.metadata),
    tags: tagsOf(asset),
    group_name: spec.groupName,
    freshness_policy: null,
    new_freshness_policy:
      spec.freshnessPolicy === undefined ? null : shared.once(spec.freshnessPolicy, freshnessPolicy),
    is_source: op === undefined || isObservable(asset),
    is_observable: isObservable(asset),
    atomic_execution_unit_id: op === undefined ? null : shared.executionUnit(op),
    required_top_level_resources: (definition?.requiredResourceKeys ?? []).toSorted(compareText),
    auto_materialize_policy:
      spec.automationCondition === undefined ? null : shared.once(spec.automationCondition, automationPolicy),
    automation_condition_snapshot: null,
    backfill_policy:
      definition?.backfillPolicy === undefined
        ? null
        : shared.once(definition.backfillPolicy, backfillPolicy),
    auto_observe_interval_minutes: null,
    owners: spec.owners,
    is_virtual: false,
  });
}

function dependency(child: AssetNode, edge: ParentEdge, shared: SharedTexts): WireObject {
  const partitioned = child.partitionsDef !== undefined || edge.asset.partitionsDef !== undefined;
  return wire("ExternalAssetDependency", {
    upstream_asset_key: shared.key(edge.asset),
    input_name: null,
    output_name: null,
    partition_mapping:
      partitioned && edge.partitionMapping !== undefined
        ? shared.once(edge.partitionMapping, partitionMapping)
        : null,
  });
}

const executionType = (asset: AssetNode): "MATERIALIZATION" | "OBSERVATION" | "UNEXECUTABLE" =>
  asset.op === undefined ? "UNEXECUTABLE" : isObservable(asset) ? "OBSERVATION" : "MATERIALIZATION";

function tagsOf({ spec }: AssetNode): Readonly<Record<string, string>> {
  if (spec.kinds.length === 0) return spec.tags;
  return { ...spec.tags, ...Object.fromEntries(spec.kinds.map((kind) => [`dagster/kind/${kind}`, ""])) };
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

/** Assets and checks that cannot be run apart share this id; null when each can run alone. */
function executionUnitId(op: OpNode): string | null {
  const { definition } = op;
  const isTogether = definition.kind === "assets" && definition.launchedTogether === true;
  if (definition.canSubset && !isTogether) return null;
  if (op.definition.kind === "assets" && op.assets.length === 1 && op.checks.length === 0) return null;
  const texts = [
    ...op.assets.map((asset) => pythonText(assetKey(asset.key))),
    ...op.checks.map((check) => pythonText(assetCheckKey(check.key))),
  ].sort(compareText);
  return createHash("md5").update(writeWire(texts)).digest("hex").slice(0, 8);
}

/** `ExternalAssetCheck`s, ordered by asset key and name. */
export function* checkNodes(repository: CompiledRepository): Generator<WireObject, void, undefined> {
  const { jobNames } = jobMembership(repository.jobs);
  const shared = new SharedTexts();
  for (const check of repository.assetGraph.checks) {
    yield checkNode(check, jobNames.get(check.id) ?? [], shared);
  }
}

function checkNode(check: CheckNode, jobNames: readonly string[], shared: SharedTexts): WireObject {
  const { spec } = check;
  const partitions = spec.partitionsDef ?? check.op.definition.partitionsDef;
  return wire("ExternalAssetCheck", {
    name: check.key.name,
    asset_key: shared.key(check.asset),
    description: spec.description ?? null,
    atomic_execution_unit_id: shared.executionUnit(check.op),
    job_names: jobNames,
    blocking: spec.blocking,
    additional_asset_keys: check.additionalParents.map((asset) => shared.key(asset)),
    automation_condition:
      spec.automationCondition === undefined ? null : automationTree(spec.automationCondition.tree),
    automation_condition_snapshot: null,
    partitions_def_snapshot: partitions === undefined ? null : shared.once(partitions, partitionsData),
  });
}
