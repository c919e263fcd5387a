import type { AssetNode, JobInput, NodeOutput, OpOutput, PlannedStep, RunPlan } from "../planning/index.ts";
import { isObservable } from "../planning/index.ts";
import {
  frozenSet,
  type Json,
  type WireObject,
  type WireText,
  type WireValue,
  wire,
  wireEnum,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { outputType } from "./job-snapshot.ts";
import { assetCheckKey, assetKey } from "./keys.ts";

/** Shown in the UI beside the plan; the host attaches no meaning to it. */
const EXECUTOR = "node_worker";

export interface PlanSnapshotOptions {
  /** The id of the job snapshot as the request names it. */
  readonly jobSnapshotId: string;
  /** Echoed: what earlier runs already produced. */
  readonly knownState?: Json;
  /** Which version of the defs state the plan was made from, for the worker. */
  readonly repositoryLoadData?: WireValue;
}

/** `ExecutionPlanSnapshot`: what the host stores, and where it reads planned events and pools from. */
export function planSnapshot(plan: RunPlan, options: PlanSnapshotOptions): WireObject {
  return wire("ExecutionPlanSnapshot", {
    steps: plan.steps.map((step) => stepSnapshot(step, (asset) => plan.graph.nodeOf(asset) !== undefined)),
    artifacts_persisted: true,
    pipeline_snapshot_id: options.jobSnapshotId,
    step_keys_to_execute: plan.stepKeysToExecute,
    initial_known_state: options.knownState ?? emptyKnownState,
    snapshot_version: 1,
    executor_name: EXECUTOR,
    repository_load_data: options.repositoryLoadData ?? null,
  });
}

const emptyKnownState = wire("KnownExecutionState", {
  previous_retry_attempts: {},
  dynamic_mappings: {},
  step_output_versions: [],
  ready_outputs: frozenSet([]),
  parent_state: null,
});

const handle = (name: string): WireObject => wire("SolidHandle", { name, parent: null });
const noHandle = wireText(writeWire(handle("")));

function stepSnapshot(step: PlannedStep, isMade: (asset: AssetNode) => boolean): WireObject {
  const solid = wireText(writeWire(handle(step.key)));
  const selectedAssets = new Set(step.assets);
  const selectedChecks = new Set(step.checks);
  return wire("ExecutionStepSnap", {
    key: step.key,
    inputs: step.node.inputs.map((input) => inputSnapshot(step, input)),
    outputs: step.node.op.outputs.map((output) => {
      const isSelected =
        output.asset === undefined
          ? output.check !== undefined && selectedChecks.has(output.check)
          : selectedAssets.has(output.asset);
      return wire("ExecutionStepOutputSnap", {
        name: output.name,
        dagster_type_key: outputType(step.node.op, output),
        solid_handle: solid,
        properties: outputProperties(output, isSelected, isMade),
      });
    }),
    solid_handle_id: step.key,
    kind: wireEnum("StepKind", "COMPUTE"),
    metadata_items: Object.entries(step.tags).map(([key, value]) =>
      wire("ExecutionPlanMetadataItemSnap", { key, value }),
    ),
    tags: step.tags,
    step_handle: wire("StepHandle", { solid_handle: solid, key: step.key }),
    pool: step.pool ?? null,
  });
}

/** The host plans events for every key that stands here, so unselected outputs must not show theirs. */
function outputProperties(
  output: OpOutput,
  isSelected: boolean,
  isMade: (asset: AssetNode) => boolean,
): WireObject {
  const { asset, check } = output;
  return wire("StepOutputProperties", {
    is_required: output.isRequired,
    is_dynamic: false,
    is_asset: asset !== undefined,
    should_materialize: false,
    asset_key: isSelected && asset !== undefined ? assetKey(asset.key) : null,
    is_asset_partitioned: asset?.partitionsDef !== undefined,
    asset_check_key: isSelected && check !== undefined ? assetCheckKey(check.key) : null,
    asset_execution_type:
      asset === undefined
        ? null
        : wireEnum(
            "AssetExecutionType",
            !isMade(asset) ? "UNEXECUTABLE" : isObservable(asset) ? "OBSERVATION" : "MATERIALIZATION",
          ),
  });
}

const outputHandle = (output: NodeOutput): WireObject =>
  wire("StepOutputHandle", { step_key: output.node, output_name: output.output, mapping_key: null });

const fromStep = (output: NodeOutput, fanIn: boolean): WireObject =>
  wire("FromStepOutput", {
    step_output_handle: outputHandle(output),
    fan_in: fanIn,
    solid_handle: noHandle,
    input_name: "",
  });

function inputSnapshot(step: PlannedStep, input: JobInput): WireObject {
  return wire("ExecutionStepInputSnap", {
    name: input.name,
    dagster_type_key: "Nothing",
    source: inputSource(step, input),
    upstream_output_handles: input.upstream.map(outputHandle),
  });
}

function inputSource(step: PlannedStep, { name, upstream, isMade }: JobInput): WireObject {
  const last = upstream.at(-1);
  if (last === undefined) return fromOutside(noHandle, "");
  if (isMade && upstream.length === 1) return fromStep(last, false);
  // Behind blocking checks: the asset is read only after all of them, wherever it comes from.
  const checksAndAsset = upstream.map((output) => fromStep(output, true));
  if (isMade) {
    return wire("FromMultipleSourcesLoadSingleSource", {
      sources: checksAndAsset,
      source_to_load_from: fromStep(last, true),
    });
  }
  const outside = fromOutside(handle(step.key), name);
  return wire("FromMultipleSourcesLoadSingleSource", {
    sources: [...checksAndAsset, outside],
    source_to_load_from: outside,
  });
}

const fromOutside = (solid: WireObject | WireText, inputName: string): WireObject =>
  wire("FromSourceAsset", {
    ordering_step_keys: frozenSet([]),
    solid_handle: solid,
    input_name: inputName,
  });
