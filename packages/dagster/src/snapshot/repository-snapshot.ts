import type { CompiledJob, CompiledRepository } from "../planning/index.ts";
import { type WireObject, wire, wireStream } from "../wire/index.ts";
import { assetNodes } from "./asset-nodes.ts";
import { checkNodes } from "./check-nodes.ts";
import { type ComponentInstance, componentTree, type DefsState, defsStateInfo } from "./components.ts";
import { scheduleSnapshots, sensorSnapshots } from "./instigators.ts";
import { jobCondition, jobData, jobSnapshotId, presets } from "./job-snapshot.ts";
import { locationMetadata } from "./metadata.ts";
import { partitionSets } from "./partition-sets.ts";
import { environmentVariables, resourceSnapshots } from "./resources.ts";

export interface RepositorySnapshotOptions {
  /** Leave job bodies to `ExternalJob`, as the host asks for in practice. */
  readonly deferJobs: boolean;
  readonly components?: readonly ComponentInstance[];
  readonly defsState?: DefsState;
}

/** `ExternalRepositoryData`. Assets, checks and jobs are made while it is written: use `encodeChunks`. */
export function repositorySnapshot(
  repository: CompiledRepository,
  options: RepositorySnapshotOptions,
): WireObject {
  const { components, defsState } = options;
  return wire("ExternalRepositoryData", {
    name: repository.name,
    external_schedule_datas: scheduleSnapshots(repository),
    external_partition_set_datas: partitionSets(repository),
    external_sensor_datas: sensorSnapshots(repository),
    external_asset_graph_data: wireStream({ [Symbol.iterator]: () => assetNodes(repository) }),
    external_asset_checks: wireStream({ [Symbol.iterator]: () => checkNodes(repository) }),
    external_job_refs: options.deferJobs ? repository.jobs.map(jobRef) : null,
    external_pipeline_datas: options.deferJobs
      ? null
      : wireStream({
          [Symbol.iterator]: () => repository.jobs.map((job) => jobData(job, job.graph)).values(),
        }),
    external_resource_data: resourceSnapshots(repository),
    metadata: locationMetadata(repository.definitions.metadata),
    utilized_env_vars: environmentVariables(repository),
    component_tree: components === undefined ? null : componentTree(components),
    defs_state_info: defsState === undefined ? null : defsStateInfo(defsState),
  });
}

function jobRef(job: CompiledJob): WireObject {
  return wire("ExternalJobRef", {
    name: job.name,
    snapshot_id: jobSnapshotId(job),
    active_presets: presets(job),
    parent_snapshot_id: null,
    preview_tags: {},
    owners: null,
    automation_condition: jobCondition(job),
  });
}
