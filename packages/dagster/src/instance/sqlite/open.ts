import { join } from "node:path";
import { createSqlEventStorage } from "../sql/event-storage.ts";
import { ASSET_TABLES, RUN_TABLES } from "../sql/required-columns.ts";
import { createSqlRunStorage } from "../sql/run-storage.ts";
import type { EventStorage, RunStorage } from "../storage.ts";
import { openChecked } from "./database.ts";

export { openShardedEvents } from "./event-storage.ts";

export async function openSqliteRuns(baseDir: string): Promise<RunStorage> {
  return createSqlRunStorage(await openChecked(join(baseDir, "runs.db"), RUN_TABLES));
}

export async function openConsolidatedEvents(baseDir: string): Promise<EventStorage> {
  return createSqlEventStorage(await openChecked(join(baseDir, "event_log.db"), ASSET_TABLES));
}
