import type { EventStorage } from "../storage.ts";
import type { SqlDatabase } from "./client.ts";
import { createEventReads, selectRunEvents } from "./event-reads.ts";
import { createSqlPools } from "./pools.ts";
import { insertEvent, isAssetEvent, recordAssetEvent, recordCheck } from "./store-events.ts";

/** One database with one `event_logs` table for all runs: consolidated SQLite and PostgreSQL. */
export function createSqlEventStorage(database: SqlDatabase): EventStorage {
  return {
    ...createEventReads(database),
    store: (events) =>
      database.write(async (client) => {
        const ids: number[] = [];
        for (const event of events) {
          const id = await insertEvent(client, event);
          ids.push(id);
          if (isAssetEvent(event)) await recordAssetEvent(client, event, id);
          await recordCheck(client, event, id);
        }
        const { announce } = database.dialect;
        await announce?.(
          client,
          events.map((event, index) => `${event.runId}_${ids[index] ?? 0}`),
        );
        return ids;
      }),
    runEvents: (runId, types) => database.read((client) => selectRunEvents(client, runId, types)),
    pools: createSqlPools(database),
    close: () => database.close(),
  };
}
