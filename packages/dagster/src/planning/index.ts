export { buildAssetGraph } from "./asset-graph.ts";
export type { JobGraph, JobInput, JobNode, NodeOutput } from "./job-graph.ts";
export {
  type AssetGraph,
  type AssetNode,
  type CheckNode,
  compareKeys,
  isExecutable,
  isMaterializable,
  isObservable,
  type OpDefinition,
  type OpInput,
  type OpNode,
  type OpOutput,
  type ParentEdge,
} from "./nodes.ts";
export {
  isSubset,
  type PlannedStep,
  type PlanRequest,
  planRun,
  type RunPlan,
  selectNodes,
} from "./plan-run.ts";
export {
  anonymousJobName,
  ASSET_JOB,
  type CompiledJob,
  type CompiledRepository,
  compileRepository,
  requireJob,
} from "./repository.ts";
export {
  type EntitySelection,
  findCheck,
  requireAsset,
  requireCheck,
  resolveSelection,
} from "./selection.ts";
export {
  configIn,
  configuredNames,
  fieldsIn,
  type ResolvedRunConfig,
  requiredResources,
  resolveRunConfig,
} from "./run-config.ts";
