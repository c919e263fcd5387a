export type {
  Component,
  ComponentLoadContext,
  ComponentLogger,
  ComponentType,
  DefsStateConfig,
  ManagementType,
  RefreshSummary,
  StateBackedComponent,
  TemplateScope,
} from "./components/component.ts";
export type {
  AssetCheckSpec,
  AssetChecksDefinition,
  AssetCompute,
  AssetDep,
  AssetSpec,
  AssetsDefinition,
  Backoff,
  ExternalAssetDefinition,
  FreshnessPolicy,
  Jitter,
  RetryPolicy,
} from "./definitions/assets.ts";
export type { AutomationCondition, AutomationConditionNode } from "./definitions/automation.ts";
export type { AssetJobDefinition, Definitions, ResourceDefinition } from "./definitions/definitions.ts";
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
  CheckRecord,
  InstanceReader,
  PartitionKeyRange,
  StepLogger,
} from "./definitions/execution-context.ts";
export type {
  DynamicPartitionsRequest,
  InstigatorTarget,
  RunRequest,
  ScheduleContext,
  ScheduleDefinition,
  ScheduleResult,
  SensorContext,
  SensorDefinition,
  SensorResult,
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
  type TableSchema,
} from "./definitions/metadata.ts";
export type {
  BackfillPolicy,
  DynamicPartitionsDefinition,
  MultiPartitionsDefinition,
  PartitionMapping,
  PartitionsDefinition,
  SinglePartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from "./definitions/partitions.ts";
export { AssetSelection } from "./definitions/selection.ts";
export { writeFileDurably } from "./state/durable-write.ts";
