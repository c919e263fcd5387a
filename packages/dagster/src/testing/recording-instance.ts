import { randomUUID } from "node:crypto";
import type { LogCapture } from "../instance/compute-logs/compute-logs.ts";
import { discardComputeLogs } from "../instance/compute-logs/discard.ts";
import type { Instance } from "../instance/open-instance.ts";
import { assetKeyText } from "../instance/sql/asset-key-text.ts";
import { rewriteRunBody, runTags } from "../instance/sql/run-body.ts";
import { DEFAULT_SETTINGS } from "../instance/settings.ts";
import { isAssetEvent } from "../instance/sql/store-events.ts";
import {
  type CheckExecution,
  type EventRecord,
  type EventRow,
  type EventStorage,
  isFinished,
  type RunRecord,
  type RunStorage,
} from "../instance/storage.ts";
import { type WireValue, wire, wireEnum, writeWire } from "../wire/index.ts";

export interface RecordingInstanceOptions {
  /** Keys of dynamic partition sets, by name. */
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
}

/** An instance in memory, for runs without a Dagster host. History lasts as long as the object. */
export interface RecordingInstance extends Instance {
  /** Everything that was stored, in order. */
  readonly rows: readonly EventRow[];
  /** Adds a run as a host would, and gives its id. */
  addRun(run: {
    readonly jobName: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly fields?: Readonly<Record<string, WireValue>>;
  }): string;
}

export function createRecordingInstance(options: RecordingInstanceOptions = {}): RecordingInstance {
  const rows: EventRow[] = [];
  const runs = createRuns();
  return {
    rows,
    runs: runs.storage,
    events: createEvents(rows, options.dynamicPartitions ?? {}),
    computeLogs: { open: (): LogCapture => discardComputeLogs.open([]) },
    settings: DEFAULT_SETTINGS,
    notices: [],
    addRun: ({ jobName, tags = {}, fields = {} }) => {
      const runId = randomUUID();
      const body = wire("PipelineRun", {
        pipeline_name: jobName,
        run_id: runId,
        run_config: {},
        status: wireEnum("PipelineRunStatus", "STARTING"),
        tags,
        ...fields,
      });
      runs.add(runId, jobName, writeWire(body));
      return runId;
    },
    close: async () => undefined,
  };
}

function createRuns(): { storage: RunStorage; add: (runId: string, jobName: string, body: string) => void } {
  const runs = new Map<string, RunRecord>();
  const keyValues = new Map<string, string>();
  const change = (runId: string, edit: (run: RunRecord) => RunRecord): void => {
    const run = runs.get(runId);
    if (run !== undefined) runs.set(runId, edit(run));
  };
  const matching = (filter: Parameters<RunStorage["countRuns"]>[0]): RunRecord[] =>
    [...runs.values()].filter(
      (run) =>
        (filter.statuses === undefined || filter.statuses.includes(run.status)) &&
        (filter.jobName === undefined || filter.jobName === run.jobName) &&
        Object.entries(filter.tags ?? {}).every(([key, value]) => run.tags[key] === value),
    );
  return {
    add: (runId, jobName, body) =>
      void runs.set(runId, {
        storageId: runs.size + 1,
        runId,
        jobName,
        status: "STARTING",
        snapshotId: undefined,
        tags: runTags(body),
        startTime: undefined,
        endTime: undefined,
        body,
      }),
    storage: {
      getRun: async (runId) => runs.get(runId),
      setStatus: async (runId, { status, at, failureReason }) =>
        change(runId, (run) => {
          const tags =
            failureReason === undefined ? run.tags : { ...run.tags, "dagster/failure_reason": failureReason };
          return {
            ...run,
            status,
            tags,
            body: rewriteRunBody(run.body, { status, tags }),
            startTime: status === "STARTED" ? at : run.startTime,
            endTime: isFinished(status) ? at : run.endTime,
          };
        }),
      addTags: async (runId, tags) =>
        change(runId, (run) => ({
          ...run,
          tags: { ...run.tags, ...tags },
          body: rewriteRunBody(run.body, { tags }),
        })),
      listRuns: async (filter, limit) => matching(filter).reverse().slice(0, limit),
      countRuns: async (filter) => matching(filter).length,
      runGroupSize: async (root) => matching({ tags: { "dagster/root_run_id": root } }).length + 1,
      getSnapshot: async () => undefined,
      getKeyValues: async (keys) =>
        new Map(
          keys.flatMap((key) => (keyValues.has(key) ? [[key, keyValues.get(key) ?? ""] as const] : [])),
        ),
      setKeyValue: async (key, value) => void keyValues.set(key, value),
      updateKeyValue: async (key, change) => void keyValues.set(key, change(keyValues.get(key))),
      close: async () => undefined,
    },
  };
}

const record = (event: EventRow, storageId: number): EventRecord => ({
  storageId,
  runId: event.runId,
  type: event.type,
  timestamp: event.timestamp,
  partition: event.partition,
  body: event.body,
});

function createEvents(
  rows: EventRow[],
  dynamicPartitions: Readonly<Record<string, readonly string[]>>,
): EventStorage {
  /** Newest event per asset, per type, and per partition; ids are positions in `rows`, from 1. */
  const newest = new Map<string, number>();
  const slot = (key: readonly string[], type: string, partition?: string): string =>
    JSON.stringify([assetKeyText(key), type, partition ?? null]);
  const at = (id: number | undefined): EventRecord | undefined => {
    const row = id === undefined ? undefined : rows[id - 1];
    return row === undefined || id === undefined ? undefined : record(row, id);
  };
  const latest = (key: readonly string[], type: string, partition?: string): EventRecord | undefined =>
    at(newest.get(slot(key, type, partition)));
  const select = (test: (row: EventRow) => boolean): EventRecord[] =>
    rows.flatMap((row, index) => (test(row) ? [record(row, index + 1)] : []));

  const remember = (event: EventRow, id: number): void => {
    if (!isAssetEvent(event) || event.assetKey === undefined || event.type === undefined) return;
    newest.set(slot(event.assetKey, event.type), id);
    if (event.partition !== undefined) newest.set(slot(event.assetKey, event.type, event.partition), id);
  };

  return {
    store: async (events) =>
      events.map((event) => {
        const id = rows.push(event);
        remember(event, id);
        return id;
      }),
    latestMaterializations: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const found = latest(key, "ASSET_MATERIALIZATION");
          return found === undefined ? [] : [[assetKeyText(key), found] as const];
        }),
      ),
    latestEvent: async (key, type, partition) => latest(key, type, partition),
    latestTagByPartition: async (key, tag, partitions) =>
      new Map(
        partitions.flatMap((partition) => {
          const id = newest.get(slot(key, "ASSET_MATERIALIZATION", partition));
          const value = id === undefined ? undefined : rows[id - 1]?.tags?.[tag];
          return value === undefined ? [] : [[partition, value] as const];
        }),
      ),
    latestCheck: async (key, checkName, partition) => {
      const found = rows.findLast(
        ({ check }) =>
          check !== undefined &&
          check.checkName === checkName &&
          assetKeyText(check.assetKey) === assetKeyText(key) &&
          (partition === undefined || check.partition === partition),
      );
      return found?.check === undefined ? undefined : execution(found, found.check);
    },
    events: async ({ types, assetKey, afterId = 0, beforeId = Infinity, ids, limit, newestFirst }) => {
      const found = select(
        (row) =>
          row.type !== undefined &&
          types.includes(row.type) &&
          (assetKey === undefined ||
            (row.assetKey !== undefined && assetKeyText(row.assetKey) === assetKeyText(assetKey))),
      ).filter(
        ({ storageId }) =>
          storageId > afterId && storageId < beforeId && (ids === undefined || ids.includes(storageId)),
      );
      return (newestFirst === true ? found.reverse() : found).slice(0, limit);
    },
    maximumId: async () => rows.length,
    runEvents: async (runId, types) =>
      select((row) => row.runId === runId && row.type !== undefined && types.includes(row.type)),
    dynamicPartitions: async (name) => dynamicPartitions[name] ?? [],
    pools: {
      limits: async () => new Map(),
      applyDefault: async () => undefined,
      claim: async () => true,
      release: async () => undefined,
    },
    close: async () => undefined,
  };
}

const execution = (row: EventRow, check: NonNullable<EventRow["check"]>): CheckExecution => ({
  runId: row.runId,
  status: check.passed ? "SUCCEEDED" : "FAILED",
  partition: check.partition,
  timestamp: row.timestamp,
  body: row.body,
});
