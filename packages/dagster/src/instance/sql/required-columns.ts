import { StorageError } from "../errors.ts";
import type { SqlDatabase } from "./client.ts";

/** What this package writes or reads, per table; the host owns and migrates the tables. */
export const EVENT_TABLES: Readonly<Record<string, readonly string[]>> = {
  event_logs: [
    "id",
    "run_id",
    "event",
    "dagster_event_type",
    "timestamp",
    "step_key",
    "asset_key",
    "partition",
  ],
};

export const ASSET_TABLES: Readonly<Record<string, readonly string[]>> = {
  ...EVENT_TABLES,
  asset_keys: [
    "asset_key",
    "last_materialization",
    "last_run_id",
    "last_materialization_timestamp",
    "wipe_timestamp",
  ],
  asset_event_tags: ["event_id", "asset_key", "key", "value", "event_timestamp"],
  dynamic_partitions: ["id", "partitions_def_name", "partition"],
  concurrency_limits: ["concurrency_key", "limit"],
  concurrency_slots: ["id", "concurrency_key", "run_id", "step_key", "deleted"],
  pending_steps: [
    "id",
    "concurrency_key",
    "run_id",
    "step_key",
    "priority",
    "assigned_timestamp",
    "create_timestamp",
  ],
  asset_check_executions: [
    "asset_key",
    "check_name",
    "partition",
    "run_id",
    "execution_status",
    "evaluation_event",
    "evaluation_event_timestamp",
    "evaluation_event_storage_id",
    "materialization_event_storage_id",
  ],
};

export const RUN_TABLES: Readonly<Record<string, readonly string[]>> = {
  runs: [
    "id",
    "run_id",
    "snapshot_id",
    "pipeline_name",
    "status",
    "run_body",
    "update_timestamp",
    "start_time",
    "end_time",
  ],
  run_tags: ["run_id", "key", "value"],
  snapshots: ["snapshot_id", "snapshot_body"],
  kvs: ["key", "value"],
};

/**
 * Fails with the first column that is missing. Dagster's revision number alone is no proof: a racing
 * first start of the host can leave an older number on complete tables.
 */
export async function requireColumns(
  database: SqlDatabase,
  where: string,
  tables: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  await database.read(async (client) => {
    for (const [table, wanted] of Object.entries(tables)) {
      const found = await database.dialect.columns(client, table);
      const missing = wanted.find((column) => !found.has(column));
      if (missing === undefined) continue;
      const what = found.size === 0 ? `table \`${table}\`` : `column \`${missing}\` of table \`${table}\``;
      throw new StorageError(
        "missing_column",
        `${where} has no ${what}. Its tables belong to Dagster: run \`dagster instance migrate\` with a supported version.`,
      );
    }
  });
}
