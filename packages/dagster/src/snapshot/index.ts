export {
  type ComponentInstance,
  componentTree,
  type DefsKeyState,
  type DefsState,
  defsStateInfo,
  readDefsStateInfo,
} from "./components.ts";
export { targetJobName } from "./instigators.ts";
export { jobData, jobSnapshotId, type SubsetLineage } from "./job-snapshot.ts";
export { assetCheckKey, assetKey } from "./keys.ts";
export { type LocationIdentity, listRepositories } from "./list-repositories.ts";
export { metadataEntries, metadataMapping, metadataValue } from "./metadata.ts";
export {
  jobOfPartitionSet,
  partitionConfig,
  partitionNames,
  partitionSetParams,
  partitionTags,
  partitionTagsReply,
} from "./partition-replies.ts";
export { partitionSetName } from "./partition-sets.ts";
export { type PlanSnapshotOptions, planSnapshot } from "./plan-snapshot.ts";
export { readAssetCheckKey, readAssetCheckKeys, readAssetKey, readAssetKeys } from "./read-keys.ts";
export { type RepositorySnapshotOptions, repositorySnapshot } from "./repository-snapshot.ts";
export { type SubsetRequest, subsetError, subsetResult } from "./subset-reply.ts";
export { requestPartitions, scheduleTick, sensorTick } from "./tick-replies.ts";
