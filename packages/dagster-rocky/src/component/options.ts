import type { DefsStateConfig } from "@dagster-rocky/dagster";
import type { GovernanceOverride, Resolver } from "../resource/resolver.ts";
import type { RockyDagsterTranslator } from "../translator/translator.ts";
import type { SpecTranslation } from "./translation.ts";

export type SensorGranularity = "per_source" | "per_group";
export type ExecutionMode = "streaming" | "pipes";

/** Tenants as partitions of one set of assets. */
export interface TenantOptions {
  readonly component: string;
  readonly partitionsName: string;
  readonly syncPartitionsFromDiscover: boolean;
  readonly scopeRunsToSelection: boolean;
}

/** Called with the state file's path after every successful write; what it throws is logged, never raised. */
export type PostStateWriteHook = (statePath: string) => void | Promise<void>;

/** All attributes of the component, validated and with every default filled in. */
export interface RockyComponentOptions {
  readonly binaryPath: string;
  readonly configPath: string;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  readonly modelsDir: string;
  readonly contractsDir?: string;
  /** Used unless `translatorClass` names another. */
  readonly translator: RockyDagsterTranslator;
  /** `module.Class`: an export of one of the project's modules. */
  readonly translatorClass?: string;
  readonly translation?: SpecTranslation;
  readonly defsState: DefsStateConfig;
  readonly surfaceOptimizeMetadata: boolean;
  readonly surfaceDerivedModels: boolean;
  readonly dagMode: boolean;
  readonly enableSensor: boolean;
  readonly sensorGranularity: SensorGranularity;
  readonly sensorIntervalSeconds: number;
  readonly executionMode: ExecutionMode;
  readonly opTags: Readonly<Record<string, string>>;
  readonly strictDoctor: boolean;
  readonly strictDoctorChecks: readonly string[];
  readonly surfaceCompliance: boolean;
  readonly surfaceConfiguredChecks: boolean;
  readonly surfaceRetentionStatus: boolean;
  readonly discoverOnMissingState: boolean;
  readonly postStateWriteHook?: PostStateWriteHook;
  readonly surfaceColumnLineage: boolean;
  readonly timeoutSeconds: number;
  readonly serverUrl?: string;
  readonly shadowSuffixFn?: Resolver<string>;
  readonly governanceOverrideFn?: Resolver<GovernanceOverride>;
  readonly idempotencyKeyFn?: Resolver<string>;
  /** Seconds for one run. */
  readonly timeoutFn?: Resolver<number>;
  readonly strictBuild: boolean;
  readonly tenant?: TenantOptions;
  readonly satisfyEmptyOutputs: boolean;
}

/** Attributes that are code and so cannot come from YAML; given by a component class of the project. */
export interface RockyCodeOptions {
  readonly translator?: RockyDagsterTranslator;
  readonly postStateWriteHook?: PostStateWriteHook;
  readonly shadowSuffixFn?: Resolver<string>;
  readonly governanceOverrideFn?: Resolver<GovernanceOverride>;
  readonly idempotencyKeyFn?: Resolver<string>;
  readonly timeoutFn?: Resolver<number>;
}
