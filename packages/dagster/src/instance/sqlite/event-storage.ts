import { join } from "node:path";
import { createEventReads, selectRunEvents } from "../sql/event-reads.ts";
import type { SqlDatabase } from "../sql/client.ts";
import { createSqlPools } from "../sql/pools.ts";
import { ASSET_TABLES, EVENT_TABLES } from "../sql/required-columns.ts";
import {
  insertEvent,
  isAssetEvent,
  isRunEventType,
  recordAssetEvent,
  recordCheck,
} from "../sql/store-events.ts";
import type { EventRow, EventStorage } from "../storage.ts";
import { openChecked } from "./database.ts";

/** Dagster's default layout: `<run id>.db` per run, and `index.db` with what is read across runs. */
export async function openShardedEvents(baseDir: string): Promise<EventStorage> {
  const index = await openChecked(join(baseDir, "index.db"), ASSET_TABLES);
  const shards = new Map<string, Promise<SqlDatabase>>();

  const openShard = (runId: string): Promise<SqlDatabase> =>
    openChecked(join(baseDir, `${runId}.db`), EVENT_TABLES);
  const shardOf = (runId: string): Promise<SqlDatabase> => {
    const known = shards.get(runId);
    if (known !== undefined) return known;
    const opened = openShard(runId);
    shards.set(runId, opened);
    // A failed opening must not be remembered: the host may just be creating the file.
    opened.catch(() => shards.delete(runId));
    return opened;
  };

  return {
    ...createEventReads(index),
    store: async (events) => {
      const first = events[0];
      if (first === undefined) return [];
      const shard = await shardOf(first.runId);
      const ids = await shard.write(async (client) => {
        const own: number[] = [];
        for (const event of events) own.push(await insertEvent(client, event));
        return own;
      });
      return mirror(index, events, ids);
    },
    runEvents: async (runId, types) => {
      const written = shards.get(runId);
      const shard = await (written ?? openShard(runId));
      try {
        return await shard.read((client) => selectRunEvents(client, runId, types));
      } finally {
        // Servers read the events of many runs and live long; only those of an own run are read again.
        if (written === undefined) await shard.close();
      }
    },
    pools: createSqlPools(index),
    close: async () => {
      await index.close();
      for (const shard of shards.values()) await (await shard).close();
    },
  };
}

const isMirrored = (event: EventRow): boolean =>
  isAssetEvent(event) || event.check !== undefined || isRunEventType(event.type);

/** Repeats in the index what is read across runs; such events go by their id there. */
async function mirror(
  index: SqlDatabase,
  events: readonly EventRow[],
  shardIds: readonly number[],
): Promise<readonly number[]> {
  if (!events.some(isMirrored)) return shardIds;
  return index.write(async (client) => {
    const ids = [...shardIds];
    for (const [position, event] of events.entries()) {
      if (!isMirrored(event)) continue;
      const id = await insertEvent(client, event);
      ids[position] = id;
      if (isAssetEvent(event)) await recordAssetEvent(client, event, id);
      await recordCheck(client, event, id);
    }
    return ids;
  });
}
