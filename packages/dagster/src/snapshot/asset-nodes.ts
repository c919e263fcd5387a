import { createHash } from "node:crypto";
import type { FreshnessPolicy } from "../definitions/assets.ts";
import {
  type AssetNode,
  type CheckNode,
  type CompiledRepository,
  isObservable,
  type OpNode,
  type ParentEdge,
} from "../planning/index.ts";
import {
  compareText,
  nestTemplate,
  presetTemplate,
  pythonText,
  type WireFilled,
  type WireObject,
  type WireText,
  type WireValue,
  wire,
  wireEnum,
  wireSet,
  wireTemplate,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { automationPolicy, automationTree, timeDelta } from "./automation.ts";
import { type JobMembership, jobMembership } from "./job-membership.ts";
import { assetCheckKey, assetKey, filledKey, keyTemplate } from "./keys.ts";
import { metadataEntries } from "./metadata.ts";
import { backfillPolicy, partitionMapping, partitionsData } from "./partitions.ts";
import { sharedTemplates } from "./shared-templates.ts";

/** Makes one `ExternalAssetNode` after the other, for a streamed document. */
export function* assetNodes(repository: CompiledRepository): Generator<WireFilled, void, undefined> {
  const jobs = jobMembership(repository);
  const shared = new SharedTexts();
  const ownTemplate = sharedTemplates<AssetNode, OpNode | undefined, OwnField>(
    ({ op }) => op,
    (asset) => commonSources(asset, jobs),
    (asset) => presetTemplate(filledNode, commonFields(asset, jobs, shared)),
  );
  for (const asset of repository.assetGraph.assets) {
    const own = ownFields(asset, shared);
    const template = ownTemplate(asset);
    yield template === undefined
      ? filledNode({ ...commonFields(asset, jobs, shared), ...own })
      : template(own);
  }
}

/** Texts that many nodes repeat are written once. */
class SharedTexts {
  readonly #byObject = new Map<object, WireText>();
  readonly #outputNames = new Map<OpNode, ReadonlyMap<AssetNode, string>>();
  readonly #unitIds = new Map<OpNode, string | null>();
  #lastKey: { readonly asset: AssetNode; readonly text: WireText } | undefined;

  once<T extends object>(value: T | undefined, make: (value: T) => WireValue): WireText | null {
    if (value === undefined) return null;
    const known = this.#byObject.get(value);
    if (known !== undefined) return known;
    const text = written(make(value));
    this.#byObject.set(value, text);
    return text;
  }

  /** Few lists of texts are in use, each by many nodes. */
  list(texts: readonly string[]): WireText | null {
    return this.once(texts, () => texts);
  }

  /** Checks of one asset follow each other. */
  keyOf(asset: AssetNode): WireText {
    if (this.#lastKey?.asset !== asset) this.#lastKey = { asset, text: written(keyOf(asset)) };
    return this.#lastKey.text;
  }

  outputName(op: OpNode, asset: AssetNode): string | null {
    let names = this.#outputNames.get(op);
    if (names === undefined) {
      names = new Map(
        op.outputs.flatMap(({ asset: made, name }) => (made === undefined ? [] : [[made, name]])),
      );
      this.#outputNames.set(op, names);
    }
    return names.get(asset) ?? null;
  }

  executionUnit(op: OpNode): string | null {
    const known = this.#unitIds.get(op);
    if (known !== undefined) return known;
    const id = executionUnitId(op);
    this.#unitIds.set(op, id);
    return id;
  }
}

const keyOf = ({ key }: AssetNode): WireFilled => filledKey(key);

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

const written = (value: WireValue): WireText => wireText(writeWire(value));
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
export function* checkNodes(repository: CompiledRepository): Generator<WireFilled, void, undefined> {
  const jobs = jobMembership(repository);
  const shared = new SharedTexts();
  const ownTemplate = sharedTemplates<CheckNode, string, "asset_key">(
    ({ spec }) => spec.key.name,
    (check) => checkSources(check, jobs),
    (check) => presetTemplate(filledCheck, checkFields(check, jobs, shared)),
  );
  for (const check of repository.assetGraph.checks) {
    const asset_key = shared.keyOf(check.asset);
    const template = ownTemplate(check);
    yield template === undefined
      ? filledCheck({ ...checkFields(check, jobs, shared), asset_key })
      : template({ asset_key });
  }
}

const filledCheck = wireTemplate(
  "ExternalAssetCheck",
  [
    "name",
    "asset_key",
    "description",
    "atomic_execution_unit_id",
    "job_names",
    "blocking",
    "additional_asset_keys",
    "automation_condition",
    "partitions_def_snapshot",
  ],
  { automation_condition_snapshot: null },
);

/** What all but the key is made from, beside the name. */
const checkSources = (check: CheckNode, jobs: JobMembership): readonly unknown[] => {
  const { spec, op, additionalParents } = check;
  const sources = [
    op,
    jobs.namesOf(check),
    spec.description,
    spec.blocking,
    spec.automationCondition,
    spec.partitionsDef,
  ];
  return additionalParents.length === 0 ? sources : [...sources, ...additionalParents];
};

function checkFields(check: CheckNode, jobs: JobMembership, shared: SharedTexts) {
  const { spec } = check;
  return {
    name: check.key.name,
    description: spec.description ?? null,
    atomic_execution_unit_id: shared.executionUnit(check.op),
    job_names: shared.list(jobs.namesOf(check)),
    blocking: spec.blocking,
    additional_asset_keys: check.additionalParents.map(keyOf),
    automation_condition: shared.once(spec.automationCondition, (condition) =>
      automationTree(condition.tree),
    ),
    partitions_def_snapshot: shared.once(
      spec.partitionsDef ?? check.op.definition.partitionsDef,
      partitionsData,
    ),
  };
}
