/** An asset key's segments. This room knows keys only as text on rows. */
export type AssetPath = readonly string[];

export const RUN_STATUSES = [
  "QUEUED",
  "NOT_STARTED",
  "MANAGED",
  "STARTING",
  "STARTED",
  "SUCCESS",
  "FAILURE",
  "CANCELING",
  "CANCELED",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const FINISHED: ReadonlySet<RunStatus> = new Set(["SUCCESS", "FAILURE", "CANCELED"]);
export const isFinished = (status: RunStatus): boolean => FINISHED.has(status);

/** The check evaluation inside an event, as far as `asset_check_executions` repeats it. */
export interface CheckColumns {
  readonly assetKey: AssetPath;
  readonly checkName: string;
  readonly passed: boolean;
  readonly partition?: string;
  /** Storage id of the materialization that the check looked at. */
  readonly targetStorageId?: number;
}

/** One event as the storages write it: the serialised entry, and what the columns and mirrors repeat. */
export interface EventRow {
  readonly runId: string;
  /** The serialised `EventLogEntry`. */
  readonly body: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  /** Absent on plain log lines. */
  readonly type?: string;
  readonly stepKey?: string;
  /** Only for events that are about an asset; checks are not. */
  readonly assetKey?: AssetPath;
  readonly partition?: string;
  /** Tags of a materialization or observation. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly check?: CheckColumns;
  /** On `PIPELINE_FAILURE`. */
  readonly failureReason?: string;
}

/** One stored event. */
export interface EventRecord {
  readonly storageId: number;
  readonly runId: string;
  readonly type: string | undefined;
  /** Epoch seconds, as in the entry. */
  readonly timestamp: number;
  readonly partition: string | undefined;
  /** The serialised `EventLogEntry`. */
  readonly body: string;
}

export interface CheckExecution {
  readonly runId: string;
  readonly status: "PLANNED" | "SUCCEEDED" | "FAILED";
  readonly partition: string | undefined;
  /** Epoch seconds. */
  readonly timestamp: number;
  /** The serialised event: the evaluation, or the plan while the status is PLANNED. */
  readonly body: string;
}

/** One run as its row tells it. `body` holds the rest, losslessly. */
export interface RunRecord {
  /** The row's id; runs are numbered in the order of their creation. */
  readonly storageId: number;
  readonly runId: string;
  readonly jobName: string;
  readonly status: RunStatus;
  readonly snapshotId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch seconds; undefined before the run starts. */
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  /** The serialised run. */
  readonly body: string;
}

export interface RunFilter {
  readonly tags?: Readonly<Record<string, string>>;
  readonly statuses?: readonly string[];
  readonly jobName?: string;
}

export interface RunStatusChange {
  readonly status: RunStatus;
  /** Epoch seconds of the event that caused it. */
  readonly at: number;
  readonly failureReason?: string;
}

export interface RunStorage {
  getRun(runId: string): Promise<RunRecord | undefined>;
  setStatus(runId: string, change: RunStatusChange): Promise<void>;
  addTags(runId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Newest first. */
  listRuns(filter: RunFilter, limit?: number): Promise<readonly RunRecord[]>;
  countRuns(filter: RunFilter): Promise<number>;
  /** How many runs descend from this root, itself included. */
  runGroupSize(rootRunId: string): Promise<number>;
  /** A job or execution plan snapshot, serialised. */
  getSnapshot(snapshotId: string): Promise<string | undefined>;
  getKeyValues(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  setKeyValue(key: string, value: string): Promise<void>;
  /** Replaces a value by what `change` makes of it, with no other process's update in between. */
  updateKeyValue(key: string, change: (value: string | undefined) => string): Promise<void>;
  close(): Promise<void>;
}

export interface EventQuery {
  readonly types: readonly string[];
  readonly assetKey?: AssetPath;
  readonly afterId?: number;
  readonly beforeId?: number;
  /** Only these events. */
  readonly ids?: readonly number[];
  readonly limit: number;
  /** Default: ids ascending, the newest last. */
  readonly newestFirst?: boolean;
}

export interface EventStorage {
  /**
   * Stores events of one run in their order. The answer holds, per event, the id by which other events
   * refer to it.
   */
  store(events: readonly EventRow[]): Promise<readonly number[]>;
  /** The newest materialization per asset, keyed by `assetKeyText`. */
  latestMaterializations(keys: readonly AssetPath[]): Promise<ReadonlyMap<string, EventRecord>>;
  latestEvent(key: AssetPath, type: string, partition?: string): Promise<EventRecord | undefined>;
  /** The newest value of an indexed tag on materializations of these partitions. */
  latestTagByPartition(
    key: AssetPath,
    tag: string,
    partitions: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** The newest evaluation that ended. */
  latestCheck(key: AssetPath, checkName: string, partition?: string): Promise<CheckExecution | undefined>;
  /** Asset and run-status events of all runs. */
  events(query: EventQuery): Promise<readonly EventRecord[]>;
  /** The id that the newest event of all runs has, or 0. */
  maximumId(): Promise<number>;
  /** Events of one run, oldest first. */
  runEvents(runId: string, types: readonly string[]): Promise<readonly EventRecord[]>;
  /** In order of creation. */
  dynamicPartitions(name: string): Promise<readonly string[]>;
  readonly pools: PoolStorage;
  close(): Promise<void>;
}

export interface PoolLimit {
  readonly limit: number;
  readonly fromDefault: boolean;
}

export interface PoolStorage {
  limits(): Promise<ReadonlyMap<string, PoolLimit>>;
  /** Creates or adjusts the row of a pool that has no limit of its own. */
  applyDefault(pool: string, limit: number): Promise<void>;
  /** True when the step holds a slot now; false puts it in the queue. */
  claim(pool: string, runId: string, stepKey: string, priority: number): Promise<boolean>;
  /** Gives back the slots and queue entries of a step, or of the whole run. */
  release(runId: string, stepKey?: string): Promise<void>;
}
