import type { ConfigReader } from "../config-values.ts";
import type { SqlDatabase } from "../sql/client.ts";
import { createSqlEventStorage } from "../sql/event-storage.ts";
import { ASSET_TABLES, RUN_TABLES, requireColumns } from "../sql/required-columns.ts";
import { createSqlRunStorage } from "../sql/run-storage.ts";
import type { EventStorage, RunStorage } from "../storage.ts";
import { type ConnectionTarget, connectionTarget } from "./connection-config.ts";
import { openPostgres } from "./database.ts";

/** Runs and events usually lie in one database; they share its connections. */
const open = new Map<string, { readonly database: SqlDatabase; users: number }>();

function share(target: ConnectionTarget): SqlDatabase {
  const entry = open.get(target.id) ?? { database: openPostgres(target), users: 0 };
  entry.users++;
  open.set(target.id, entry);
  let isOpen = true;
  return {
    ...entry.database,
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      if (--entry.users > 0) return;
      open.delete(target.id);
      await entry.database.close();
    },
  };
}

async function openChecked<T>(
  config: ConfigReader,
  tables: Readonly<Record<string, readonly string[]>>,
  create: (database: SqlDatabase) => T,
): Promise<T> {
  const target = connectionTarget(config);
  const database = share(target);
  try {
    await requireColumns(database, `the ${target.name}`, tables);
    return create(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

export const openPostgresRuns = (config: ConfigReader): Promise<RunStorage> =>
  openChecked(config, RUN_TABLES, createSqlRunStorage);

export const openPostgresEvents = (config: ConfigReader): Promise<EventStorage> =>
  openChecked(config, ASSET_TABLES, createSqlEventStorage);
