import {
  type AssetCheckKey,
  type AssetCompute,
  type AssetEvent,
  type AssetExecutionContext,
  AssetKey,
  type CheckRecord,
  Failure,
} from "@dagster-rocky/dagster";
import { createInstanceReader, createRecordingInstance } from "@dagster-rocky/dagster/testing";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
}

export interface OpRequest {
  readonly assets: readonly AssetKey[];
  readonly checks?: readonly AssetCheckKey[];
  readonly partitionKeys?: readonly string[];
  readonly resources: Readonly<Record<string, unknown>>;
  readonly latestCheck?: CheckRecord;
  /** Assets that an earlier run made. */
  readonly materialized?: readonly AssetKey[];
  readonly signal?: AbortSignal;
}

export interface OpOutcome {
  readonly events: readonly AssetEvent[];
  readonly failure?: Failure;
  /** What was thrown when it is no `Failure`. */
  readonly error?: unknown;
  readonly log: readonly LogLine[];
}

/** Runs an op body the way the worker does: all events, then how it ended. */
export const runOp = async (compute: AssetCompute, request: OpRequest): Promise<OpOutcome> => {
  const log: LogLine[] = [];
  const write = (level: LogLine["level"]) => (message: string) => void log.push({ level, message });
  const partitionKeys = request.partitionKeys ?? [];
  const [only] = partitionKeys;
  const last = partitionKeys.at(-1);
  const context: AssetExecutionContext = {
    runId: "run-1",
    jobName: "__ASSET_JOB",
    opName: "op",
    stepKey: "op",
    retryNumber: 0,
    signal: request.signal ?? new AbortController().signal,
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    selectedAssetKeys: request.assets,
    selectedCheckKeys: request.checks ?? [],
    runTags: {},
    opConfig: {},
    ...(only === undefined || partitionKeys.length > 1 ? {} : { partitionKey: only }),
    ...(only === undefined || last === undefined ? {} : { partitionKeyRange: { start: only, end: last } }),
    partitionKeys,
    resources: request.resources,
    instance: {
      ...createInstanceReader(createRecordingInstance()),
      latestMaterialization: async (asset) =>
        request.materialized?.some((key) => AssetKey.equals(key, asset as AssetKey))
          ? { runId: "earlier", timestamp: 0 }
          : undefined,
      latestCheck: async () => request.latestCheck,
    },
  };
  const events: AssetEvent[] = [];
  try {
    for await (const event of compute(context)) events.push(event);
    return { events, log };
  } catch (error) {
    return error instanceof Failure ? { events, failure: error, log } : { events, error, log };
  }
};

/** `["materialize a/b", "check a/b row_count passed", ...]`: what the UI would show, in order. */
export const eventLines = (events: readonly AssetEvent[]): readonly string[] =>
  events.map((event) => {
    const key = AssetKey.toUserString(event.assetKey);
    const partition = event.partition === undefined ? "" : ` @${event.partition}`;
    if (event.kind !== "check") return `${event.kind} ${key}${partition}`;
    const verdict = event.passed ? "passed" : `failed ${event.severity}`;
    return `check ${key} ${event.checkName} ${verdict}`;
  });
