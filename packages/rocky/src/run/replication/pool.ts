import type { Connection, Session } from "../../adapters/adapter.ts";

/**
 * Works through `items` with at most `limit` at a time, each worker on a connection of its own. `work` must not
 * throw; when it answers false no further item is started.
 */
export const forEachBounded = async <T>(
  session: Session,
  items: readonly T[],
  limit: number,
  work: (connection: Connection, item: T, index: number) => Promise<boolean>,
): Promise<void> => {
  let next = 0;
  let stopped = false;
  const loop = async (connection: Connection): Promise<void> => {
    while (!stopped && next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item !== undefined && !(await work(connection, item, index))) stopped = true;
    }
  };
  const workers = Math.max(1, Math.min(limit, session.dialect.maxConnections, items.length));
  const helper = async (): Promise<void> => {
    await using connection = await session.connect();
    await loop(connection);
  };
  await Promise.all([loop(session), ...Array.from({ length: workers - 1 }, helper)]);
};
