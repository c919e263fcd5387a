export { discoverContractRules } from "./checks/contracts.ts";
export {
  freshnessPolicyFromChecks,
  freshnessPolicyFromModel,
  perModelFreshnessPolicies,
} from "./checks/freshness-policy.ts";
export {
  ANOMALY_CHECK,
  COLUMN_MATCH_CHECK,
  COMPLIANCE_CHECK,
  CONTRACT_COLUMN_CONSTRAINTS_CHECK,
  CONTRACT_PROTECTED_COLUMNS_CHECK,
  CONTRACT_REQUIRED_COLUMNS_CHECK,
  FRESHNESS_CHECK,
  MODEL_FRESHNESS_CHECK,
  ROW_COUNT_CHECK,
  SOURCE_FRESHNESS_CHECK,
} from "./checks/names.ts";
export { RockyComponentError, type RockyComponentErrorCode } from "./component/component-error.ts";
export type {
  ExecutionMode,
  PostStateWriteHook,
  RockyCodeOptions,
  RockyComponentOptions,
  SensorGranularity,
  TenantOptions,
} from "./component/options.ts";
export { RockyComponent } from "./component/rocky-component.ts";
export type { SpecTranslation, TranslationProps } from "./component/translation.ts";
export type { ContractRules, Grain, TargetTable } from "./dispatch/plans.ts";
export { buildColumnLineage } from "./lineage/build-column-lineage.ts";
export {
  type BranchDeploymentInfo,
  branchDeploymentInfo,
  branchDeployShadowSuffix,
  type Environment,
  isBranchDeployment,
  shadowSuffixResolver,
} from "./operations/branch-deployment.ts";
export { type FreshnessRow, freshnessCheckResults } from "./operations/freshness-results.ts";
export {
  type HealthcheckResult,
  type LastRunStatus,
  type ProbeOutcome,
  rockyHealthcheck,
  type StateBackend,
  type StateHealthResult,
  stateHealth,
} from "./operations/health.ts";
export { loadRockyAssets } from "./operations/load-assets.ts";
export { costMetadataFromOptimize, type Recommendation } from "./operations/optimize-costs.ts";
export {
  DEFAULT_FIRST_PARTITION,
  partitionsDefForModelDetail,
  partitionsDefForTimeInterval,
  type TimeIntervalOptions,
} from "./partitions/definitions.ts";
export {
  dagsterToRockyPartitionKey,
  partitionKeyArg,
  partitionRangeArgs,
  rockyToDagsterPartitionKey,
} from "./partitions/keys.ts";
export {
  createRockyResource,
  MIN_ROCKY_VERSION,
  RockyError,
} from "./resource/index.ts";
export type {
  AnomalyCheck,
  CallOptions,
  CommandConfig,
  CommandName,
  CommandOptions,
  CommandResult,
  EngineEvent,
  GovernanceOverride,
  HeardFacts,
  JsonRecord,
  Method,
  PartitionOptions,
  PipesOpener,
  PipesSession,
  PlainCommand,
  PlanFacts,
  Resolver,
  ResolverContext,
  ResolverMethod,
  ResourceSurroundings,
  RockyErrorDetails,
  RockyErrorKind,
  RockyResource,
  RockyResourceConfig,
  RockyResourceOptions,
  RunModelOptions,
  RunModifiers,
  RunOptions,
  RunReport,
  RunResolvers,
} from "./resource/index.ts";
export type * from "./resource/outputs/index.ts";
export { FilesExistError, type InitOptions, initRockyProject } from "./scaffold/init-project.ts";
export { rockyCronAutomation, rockyEagerAutomation } from "./schedules/automation.ts";
export { buildRockySchedule, type RockyScheduleOptions } from "./schedules/rocky-schedule.ts";
export type {
  BacklogCap,
  EmitContext,
  FailedSourcesContext,
  RockySourceSensorOptions,
  SkipContext,
} from "./sensor/options.ts";
export { rockySourceSensor } from "./sensor/source-sensor.ts";
export type { DagNode, DiscoveredSource, DiscoveredTable, ModelDetail } from "./translator/inputs.ts";
export { RockyDagsterTranslator } from "./translator/translator.ts";
