import type { ComputeLogs } from "./compute-logs/compute-logs.ts";
import { discardComputeLogs } from "./compute-logs/discard.ts";
import { openLocalComputeLogs } from "./compute-logs/local.ts";
import type { Env } from "./config-values.ts";
import { StorageError } from "./errors.ts";
import { type InstanceRef, parseInstanceRef, type StorageRef, storageConfig } from "./instance-ref.ts";
import { type InstanceSettings, readSettings } from "./settings.ts";
import type { EventStorage, RunStorage } from "./storage.ts";

/** A Dagster instance, open. */
export interface Instance {
  readonly runs: RunStorage;
  readonly events: EventStorage;
  readonly computeLogs: ComputeLogs;
  readonly settings: InstanceSettings;
  /** What does not work with this instance although runs do; shown in the log of each run. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

type Opener<T> = (ref: StorageRef, env: Env) => Promise<T>;

const baseDir = async (ref: StorageRef, env: Env): Promise<string> =>
  (await storageConfig(ref, env)).requireText("base_dir");

const RUN_STORAGES: Readonly<Record<string, Opener<RunStorage>>> = {
  SqliteRunStorage: async (ref, env) =>
    (await import("./sqlite/open.ts")).openSqliteRuns(await baseDir(ref, env)),
  PostgresRunStorage: async (ref, env) =>
    (await import("./postgres/open.ts")).openPostgresRuns(await storageConfig(ref, env)),
};

const EVENT_STORAGES: Readonly<Record<string, Opener<EventStorage>>> = {
  SqliteEventLogStorage: async (ref, env) =>
    (await import("./sqlite/open.ts")).openShardedEvents(await baseDir(ref, env)),
  ConsolidatedSqliteEventLogStorage: async (ref, env) =>
    (await import("./sqlite/open.ts")).openConsolidatedEvents(await baseDir(ref, env)),
  PostgresEventLogStorage: async (ref, env) =>
    (await import("./postgres/open.ts")).openPostgresEvents(await storageConfig(ref, env)),
};

const COMPUTE_LOGS: Readonly<Record<string, Opener<ComputeLogs>>> = {
  LocalComputeLogManager: async (ref, env) => openLocalComputeLogs(await baseDir(ref, env)),
  S3ComputeLogManager: async (ref, env) =>
    (await import("./compute-logs/s3/open.ts")).openS3ComputeLogs(await storageConfig(ref, env), env),
  NoOpComputeLogManager: async () => discardComputeLogs,
};

/**
 * Fails when a storage of the instance cannot be written from here, naming its class. Needs no
 * connection, so that a launch can be refused at once.
 */
export function requireKnownStorages(ref: InstanceRef): void {
  opener(RUN_STORAGES, ref.runStorage, "run storage");
  opener(EVENT_STORAGES, ref.eventStorage, "event log storage");
}

/** Opens the storages of an instance; `ref` is the host's `InstanceRef`, serialised or parsed. */
export async function openInstance(ref: InstanceRef | string, env: Env = process.env): Promise<Instance> {
  const parsed = typeof ref === "string" ? parseInstanceRef(ref) : ref;
  requireKnownStorages(parsed);
  const settings = readSettings(parsed.settings, env);
  const { computeLogs, notices } = await openComputeLogs(parsed.computeLogs, env);
  const runs = await opener(RUN_STORAGES, parsed.runStorage, "run storage")(parsed.runStorage, env);
  try {
    const events = await opener(
      EVENT_STORAGES,
      parsed.eventStorage,
      "event log storage",
    )(parsed.eventStorage, env);
    return {
      runs,
      events,
      computeLogs,
      settings,
      notices,
      close: async () => {
        await events.close();
        await runs.close();
      },
    };
  } catch (error) {
    await runs.close();
    throw error;
  }
}

/**
 * What will not work with an instance, as far as it can be told without opening it: storages that runs cannot write
 * to, and output that nobody keeps.
 */
export function knownLosses(serialized: string): readonly string[] {
  const ref = parseInstanceRef(serialized);
  const notice = unsupportedOutput(ref.computeLogs);
  const losses = notice === undefined ? [] : [notice];
  try {
    requireKnownStorages(ref);
    return losses;
  } catch (error) {
    return [`No run can be launched: ${reasonOf(error)}.`, ...losses];
  }
}

/** Losing captured output is worth a word in the log, not the run. */
async function openComputeLogs(
  ref: StorageRef | undefined,
  env: Env,
): Promise<Pick<Instance, "computeLogs" | "notices">> {
  const notice = unsupportedOutput(ref);
  if (notice !== undefined) return { computeLogs: discardComputeLogs, notices: [notice] };
  try {
    const open = ref === undefined ? undefined : COMPUTE_LOGS[ref.className];
    if (ref === undefined || open === undefined) return { computeLogs: discardComputeLogs, notices: [] };
    return { computeLogs: await open(ref, env), notices: [] };
  } catch (error) {
    return { computeLogs: discardComputeLogs, notices: [notCaptured(reasonOf(error))] };
  }
}

function unsupportedOutput(ref: StorageRef | undefined): string | undefined {
  if (ref === undefined || Object.hasOwn(COMPUTE_LOGS, ref.className)) return undefined;
  return notCaptured(
    `the compute log manager of this Dagster instance is ${ref.moduleName}.${ref.className}; ` +
      `supported are ${Object.keys(COMPUTE_LOGS).join(", ")}`,
  );
}

const notCaptured = (reason: string): string =>
  `What steps, schedules and sensors print is not captured: ${reason}.`;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function opener<T>(known: Readonly<Record<string, Opener<T>>>, ref: StorageRef, what: string): Opener<T> {
  const found = Object.hasOwn(known, ref.className) ? known[ref.className] : undefined;
  if (found !== undefined) return found;
  throw new StorageError(
    "unknown_storage",
    `the ${what} of this Dagster instance is ${ref.moduleName}.${ref.className}, which this code location cannot write to; ` +
      `supported are ${Object.keys(known).join(", ")}`,
  );
}
