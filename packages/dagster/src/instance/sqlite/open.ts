import { join } from "node:path";
import { createSqlEventStorage } from "../sql/event-storage.ts";
import { ASSET_TABLES, requireColumns, RUN_TABLES } from "../sql/required-columns.ts";
import { createSqlRunStorage } from "../sql/run-storage.ts";
import type { EventStorage, RunStorage } from "../storage.ts";
import { openSqlite } from "./database.ts";

export { openShardedEvents } from "./event-storage.ts";

export async function openSqliteRuns(baseDir: string): Promise<RunStorage> {
  const path = join(baseDir, "runs.db");
  const database = openSqlite(path);
  await requireColumns(database, path, RUN_TABLES);
  return createSqlRunStorage(database);
}

export async function openConsolidatedEvents(baseDir: string): Promise<EventStorage> {
  const path = join(baseDir, "event_log.db");
  const database = openSqlite(path);
  await requireColumns(database, path, ASSET_TABLES);
  return createSqlEventStorage(database);
}
