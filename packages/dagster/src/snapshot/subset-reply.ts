import type { AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import { type CompiledRepository, requireJob, selectNodes } from "../planning/index.ts";
import { type WireObject, wire } from "../wire/index.ts";
import { jobData, type SubsetLineage } from "./job-snapshot.ts";

export interface SubsetRequest {
  readonly jobName: string;
  readonly assetSelection: readonly AssetKey[] | undefined;
  readonly checkSelection: readonly AssetCheckKey[] | undefined;
}

/** `ExternalPipelineSubsetResult`; `parentSnapshotId` is the id that the whole job was listed with. */
export function subsetResult(
  repository: CompiledRepository,
  request: SubsetRequest,
  parentSnapshotId: string,
): WireObject {
  const job = requireJob(repository, request.jobName);
  const { assetSelection, checkSelection } = request;
  const graph = selectNodes(repository, {
    jobName: request.jobName,
    ...(assetSelection === undefined ? {} : { assetSelection }),
    ...(checkSelection === undefined ? {} : { checkSelection }),
  });
  const lineage: SubsetLineage = {
    parentSnapshotId,
    assetSelection: assetSelection ?? [],
    checkSelection,
  };
  return wire("ExternalPipelineSubsetResult", {
    success: true,
    error: null,
    external_pipeline_data: jobData(job, graph, lineage),
    repository_python_origin: null,
  });
}

/** The form in which the host shows why a selection cannot be run. */
export const subsetError = (error: WireObject): WireObject =>
  wire("ExternalPipelineSubsetResult", { success: false, error });
