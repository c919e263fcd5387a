import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { plainConfig } from "../definitions/job-config.ts";
import {
  type CompiledJob,
  configuredNames,
  type JobGraph,
  type JobNode,
  type OpNode,
} from "../planning/index.ts";
import {
  compareText,
  encodeChunks,
  snapshotId,
  type WireObject,
  wire,
  wireEnum,
  wireSet,
  wireStream,
  wireTemplate,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { automationTree } from "./automation.ts";
import { type ConfiguredNode, configSchema, opConfigField, ROOT_CONFIG_KEY } from "./config-schema.ts";
import { configuredResources, resourceDefinitions } from "./resources.ts";
import { assetCheckKey, assetKey } from "./keys.ts";
import { metadataEntries } from "./metadata.ts";

/** What a subset job says about the job that it was cut from. */
export interface SubsetLineage {
  readonly parentSnapshotId: string;
  readonly assetSelection: readonly AssetKey[] | undefined;
  readonly checkSelection: readonly AssetCheckKey[] | undefined;
}

/** `ExternalPipelineData`: the form in which a job (or a subset of it) reaches the host. */
export function jobData(job: CompiledJob, graph: JobGraph, lineage?: SubsetLineage): WireObject {
  return wire("ExternalPipelineData", {
    name: job.name,
    active_presets: presets(job),
    parent_pipeline_snapshot: null,
    pipeline_snapshot: jobSnapshot(job, graph, lineage),
  });
}

/** Each call of the hash costs more than a short piece does. */
const HASHED_BYTES = 262_144;

/** The id under which the host stores the job's snapshot. */
export const jobSnapshotId = (job: CompiledJob): string =>
  snapshotId(encodeChunks(jobSnapshot(job, job.graph, undefined), HASHED_BYTES, "lent"));

export function presets(job: CompiledJob): readonly WireObject[] {
  const config = plainConfig(job.definition?.config);
  if (config === undefined) return [];
  return [
    wire("ExternalPresetData", {
      name: "default",
      run_config: config,
      solid_selection: null,
      mode: "default",
      tags: {},
    }),
  ];
}

export const jobCondition = ({ definition }: CompiledJob): WireObject | null =>
  definition?.automationCondition === undefined ? null : automationTree(definition.automationCondition.tree);

function jobSnapshot(job: CompiledJob, graph: JobGraph, lineage: SubsetLineage | undefined): WireObject {
  const { definition } = job;
  return wire("PipelineSnapshot", {
    name: job.name,
    description: definition?.description ?? null,
    tags: definition?.tags ?? {},
    run_tags: definition?.runTags ?? null,
    metadata: definition === undefined ? [] : metadataEntries(definition.metadata),
    graph_def_name: job.name,
    automation_condition: jobCondition(job),
    lineage_snapshot: lineage === undefined ? null : lineageSnapshot(lineage),
    config_schema_snapshot: configSchema({
      nodes: configuredOps(job, graph),
      resources: configuredResources(job.resources, graph),
      // As in Dagster: a part of the job over everything takes config for nothing else.
      takesNeededOnly: definition === undefined && lineage !== undefined,
      jobConfig: definition?.config,
    }),
    dagster_type_namespace_snapshot: typeNamespace,
    dep_structure_snapshot: wire("DependencyStructureSnapshot", {
      solid_invocation_snaps: wireStream({ [Symbol.iterator]: () => invocations(graph) }),
    }),
    solid_definitions_snapshot: wire("SolidDefinitionsSnapshot", {
      solid_def_snaps: wireStream({ [Symbol.iterator]: () => opDefinitions(graph) }),
      composite_solid_def_snaps: [],
    }),
    mode_def_snaps: [
      wire("ModeDefSnap", {
        name: "default",
        description: null,
        resource_def_snaps: resourceDefinitions(job.resources),
        logger_def_snaps: [],
        root_config_key: ROOT_CONFIG_KEY,
      }),
    ],
  });
}

/**
 * Besides its own ops, a part of a job keeps those that the job's config speaks of: the launchpad starts a run of
 * the part with that config.
 */
function configuredOps(job: CompiledJob, graph: JobGraph): readonly ConfiguredNode[] {
  const own = graph.nodes.map(({ name, op }) => ({ name, config: op.definition.config, isNeeded: true }));
  const known = configuredNames(plainConfig(job.definition?.config), "ops").flatMap((name) => {
    const node = graph.nodeByName.has(name) ? undefined : job.graph.nodeByName.get(name);
    return node === undefined ? [] : [{ name, config: node.op.definition.config, isNeeded: false }];
  });
  return known.length === 0 ? own : [...own, ...known].sort((a, b) => compareText(a.name, b.name));
}

function lineageSnapshot(lineage: SubsetLineage): WireObject {
  const { assetSelection, checkSelection } = lineage;
  return wire("PipelineSnapshotLineage", {
    parent_snapshot_id: lineage.parentSnapshotId,
    asset_selection: assetSelection === undefined ? null : wireSet(assetSelection.map(assetKey)),
    asset_check_selection: checkSelection === undefined ? null : wireSet(checkSelection.map(assetCheckKey)),
    solid_selection: null,
    solids_to_execute: null,
  });
}

const dagsterType = (name: string, kind: "ANY" | "NOTHING"): WireObject =>
  wire("DagsterTypeSnap", {
    kind: wireEnum("DagsterTypeKind", kind),
    key: name,
    name,
    description: null,
    display_name: name,
    is_builtin: true,
    type_param_keys: [],
    loader_schema_key: null,
    materializer_schema_key: null,
  });

const typeNamespace = wireText(
  writeWire(
    wire("DagsterTypeNamespaceSnapshot", {
      all_dagster_type_snaps_by_key: {
        Any: dagsterType("Any", "ANY"),
        Nothing: dagsterType("Nothing", "NOTHING"),
      },
    }),
  ),
);

/** Dagster takes the output of a function with one asset for a value of any type, other assets for no value. */
export function outputType(op: OpNode, output: { readonly check?: unknown }): "Any" | "Nothing" {
  const { definition } = op;
  if (output.check !== undefined || definition.kind === "checks") return "Any";
  return definition.outputName !== undefined && definition.executionType === "materialization"
    ? "Any"
    : "Nothing";
}

function* opDefinitions(graph: JobGraph): Generator<WireObject, void, undefined> {
  const ops = [...new Set(graph.nodes.map((node) => node.op))];
  ops.sort((a, b) => compareText(a.name, b.name));
  for (const op of ops) yield opDefinition(op);
}

const inputDefinition = wireTemplate("InputDefSnap", ["name"], {
  dagster_type_key: "Nothing",
  description: null,
});
const outputsOf = (dagster_type_key: string, is_required: boolean) =>
  wireTemplate("OutputDefSnap", ["name"], {
    dagster_type_key,
    is_required,
    description: null,
    is_dynamic: false,
  });
const outputDefinition = {
  Any: { required: outputsOf("Any", true), optional: outputsOf("Any", false) },
  Nothing: { required: outputsOf("Nothing", true), optional: outputsOf("Nothing", false) },
} as const;

function opDefinition(op: OpNode): WireObject {
  const { definition } = op;
  return wire("SolidDefSnap", {
    name: op.name,
    description: definition.description ?? null,
    tags: definition.opTags,
    required_resource_keys: definition.requiredResourceKeys.toSorted(compareText),
    config_field_snap: opConfigField(definition.config),
    input_def_snaps: op.inputs.map(({ name }) => inputDefinition({ name })),
    output_def_snaps: op.outputs.map((output) =>
      outputDefinition[outputType(op, output)][output.isRequired ? "required" : "optional"]({
        name: output.name,
      }),
    ),
    pool: definition.pool ?? null,
  });
}

function* invocations(graph: JobGraph): Generator<WireObject, void, undefined> {
  for (const node of graph.nodes) yield invocation(node);
}

const inputDependency = wireTemplate("InputDependencySnap", ["input_name", "upstream_output_snaps"], {
  is_dynamic_collect: false,
});
const outputHandle = wireTemplate("OutputHandleSnap", ["solid_name", "output_name"]);

function invocation(node: JobNode): WireObject {
  return wire("SolidInvocationSnap", {
    solid_name: node.name,
    solid_def_name: node.op.name,
    tags: {},
    is_dynamic_mapped: false,
    input_dep_snaps: node.inputs.map((input) =>
      inputDependency({
        input_name: input.name,
        upstream_output_snaps: input.upstream.map(({ node: solid_name, output: output_name }) =>
          outputHandle({ solid_name, output_name }),
        ),
      }),
    ),
  });
}
