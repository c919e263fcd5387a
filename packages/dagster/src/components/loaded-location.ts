import type { Definitions } from "../definitions/definitions.ts";
import type { WatchedFile } from "../state/fingerprint.ts";
import type { ReconstructionData } from "../state/load-data.ts";
import type { DefsStateInfo } from "../state/state-info.ts";
import type { VersionedStateStore } from "../state/versioned-store.ts";
import type { LoadInputs } from "./load-inputs.ts";
import type { ComponentLogger, ManagementType } from "./component.ts";

/** Which project is loaded, and which program brings the component types. Plain data: it crosses threads. */
export interface LocationSource {
  readonly projectRoot: string;
  /** URL of a module that exports `componentTypes`. */
  readonly registryModule?: string;
}

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: ComponentLogger;
  /** Given in run workers: the state versions of the snapshot, and never a refresh. */
  readonly reconstruction?: ReconstructionData;
  /** State versions to load instead of the newest ones. */
  readonly pinned?: DefsStateInfo;
  readonly store?: VersionedStateStore;
  readonly signal?: AbortSignal;
}

/** One component of the location, for Dagster's components page. */
export interface ComponentInstance {
  readonly key: string;
  readonly typeName: string;
  readonly stateKey?: string;
  readonly managementType?: ManagementType;
}

/** A code location that was loaded once; nothing in it changes afterwards. */
export interface LoadedLocation {
  readonly name: string;
  readonly definitions: Definitions;
  readonly components: readonly ComponentInstance[];
  /** Absent when no component keeps state. */
  readonly stateInfo?: DefsStateInfo;
  /** Local state files that were asked for, existing or not: a change of one asks for a reload. */
  readonly stateFiles: readonly WatchedFile[];
  /** What the load looked at. */
  readonly inputs: LoadInputs;
  /** What run workers need to load the same definitions. */
  readonly reconstruction: ReconstructionData;
}
