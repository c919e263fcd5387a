export {
  type AssetAttribute,
  type AssetAttributesSchema,
  type AttributeOperation,
  assetAttributesSchema,
  withAssetAttribute,
} from "./components/asset-attributes.ts";
export type {
  Component,
  ComponentLoadContext,
  ComponentLogger,
  ComponentType,
  DefinitionsContext,
  DefsStateConfig,
  ManagementType,
  RefreshReport,
  StateBackedComponent,
  TemplateScope,
} from "./components/component.ts";
export {
  type AssetOptions,
  asset,
  externalAsset,
  type OpOptions,
  observableSource,
} from "./definitions/asset.ts";
export {
  type AssetCheckOptions,
  assetCheck,
  type MultiAssetCheckOptions,
  multiAssetCheck,
} from "./definitions/asset-check.ts";
export type { AssetRef } from "./definitions/asset-ref.ts";
export {
  type AssetCheckSpecInput,
  type AssetDepLike,
  type AssetSpecInput,
  assetCheckSpec,
  assetSpec,
} from "./definitions/asset-spec.ts";
export type {
  AssetCheckSpec,
  AssetChecksDefinition,
  AssetCompute,
  AssetDep,
  AssetSpec,
  AssetsDefinition,
  Backoff,
  ExternalAssetDefinition,
  Jitter,
  RetryPolicy,
} from "./definitions/assets.ts";
export type { AutomationConditionNode } from "./definitions/automation.ts";
export { AutomationCondition } from "./definitions/automation-condition.ts";
export { coerceMetadata, coerceMetadataValue } from "./definitions/coerce-metadata.ts";
export type {
  AssetOutcome,
  AssetReturn,
  CheckOutcome,
  CheckVerdict,
  TypedContext,
} from "./definitions/compute.ts";
export {
  Config,
  type ConfigChoice,
  type ConfigField,
  type ConfigFieldOptions,
  type ConfigFields,
  type ConfigScalarOptions,
  type ConfigValues,
  type OpConfig,
} from "./definitions/config.ts";
export { Definitions, type DefinitionsInput } from "./definitions/define.ts";
export type { AssetJobDefinition } from "./definitions/definitions.ts";
export {
  type ConfigMapping,
  configMapping,
  type JobConfig,
  type PartitionedConfig,
  partitionedConfig,
} from "./definitions/job-config.ts";
export { DefinitionsError, InvalidSubsetError } from "./definitions/errors.ts";
export {
  failureHook,
  type HookContext,
  type HookDefinition,
  type HookOptions,
  successHook,
} from "./definitions/hooks.ts";
export {
  type LoggerContext,
  type LoggerDefinition,
  type LoggerMap,
  type LogHandler,
  type LogLevel,
  type LogRecord,
  logger,
} from "./definitions/loggers.ts";
export { getLogger } from "./worker/logging/current-logger.ts";
export {
  type AssetCheckResult,
  type AssetCheckSeverity,
  AssetEvent,
  type AssetObservation,
  Failure,
  type MaterializeResult,
  RetryRequested,
} from "./definitions/events.ts";
export type {
  AssetExecutionContext,
  PartitionKeyRange,
  StepLogger,
} from "./definitions/execution-context.ts";
export { FreshnessPolicy } from "./definitions/freshness.ts";
export type {
  CheckRecord,
  InstanceReader,
  MaterializationEvent,
  MaterializationQuery,
  MaterializationRecord,
  RunInfo,
  RunOrigin,
  RunStatusEvent,
  RunStatusName,
  RunStatusQuery,
  StepFailure,
} from "./definitions/instance-reader.ts";
export {
  automationSensor,
  job,
  type JobOptions,
  type ScheduleOptions,
  type ScheduleReturn,
  type SelectionLike,
  schedule,
  type SensorOptions,
  type SensorReturn,
  sensor,
  type TargetLike,
} from "./definitions/instigator-factories.ts";
export type {
  DynamicPartitionsRequest,
  InstigatorTarget,
  RunReaction,
  RunRequest,
  ScheduleContext,
  ScheduleDefinition,
  ScheduleResult,
  SensorContext,
  SensorDefinition,
  SensorResult,
  WithResources,
} from "./definitions/instigators.ts";
export { AssetCheckKey, AssetKey, type AssetKeyLike } from "./definitions/keys.ts";
export {
  type CodeReference,
  type JsonObject,
  type JsonValue,
  type Metadata,
  type MetadataInput,
  MetadataValue,
  type RawMetadataValue,
  type TableColumn,
  type TableColumnDep,
  type TableColumnLineage,
  type TableColumnLineageInput,
  type TableSchema,
} from "./definitions/metadata.ts";
export { type MultiAssetOptions, multiAsset } from "./definitions/multi-asset.ts";
export {
  BackfillPolicy,
  type CronPartitionsOptions,
  cronPartitions,
  dailyPartitions,
  dynamicPartitions,
  hourlyPartitions,
  monthlyPartitions,
  multiPartitions,
  PartitionMapping,
  type PartitionsOptions,
  type PartitionTime,
  staticPartitions,
  weeklyPartitions,
} from "./definitions/partition-factories.ts";
export { type PartitionedScheduleOptions, partitionedSchedule } from "./definitions/partitioned-schedule.ts";
export {
  hasPartitionKey,
  joinMultiKey,
  type PartitionKeysContext,
  partitionKeys,
  partitionKeysInRange,
  partitionKeysInWindow,
  partitionWindow,
  splitMultiKey,
} from "./definitions/partition-keys.ts";
export type {
  DynamicPartitionsDefinition,
  MultiPartitionsDefinition,
  PartitionsDefinition,
  SinglePartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from "./definitions/partitions.ts";
export {
  type ResourceContext,
  type ResourceDefinition,
  type ResourceMap,
  type ResourceOptions,
  type ResourceValues,
  resource,
} from "./definitions/resources.ts";
export { AssetSelection } from "./definitions/selection.ts";
export type { TimeWindow } from "./definitions/time-windows.ts";
export { type AssetSensorOptions, assetSensor } from "./sensors/asset-sensor.ts";
export {
  type MultiAssetSensorContext,
  type MultiAssetSensorOptions,
  multiAssetSensor,
} from "./sensors/multi-asset-sensor.ts";
export {
  type MonitoredJob,
  type RunFailureSensorContext,
  type RunFailureSensorOptions,
  type RunStatusSensorContext,
  type RunStatusSensorOptions,
  runFailureSensor,
  runStatusSensor,
} from "./sensors/run-status-sensor.ts";
export { writeFileDurably } from "./state/durable-write.ts";
export { didYouMean } from "./text-distance.ts";
