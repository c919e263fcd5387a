import type { StateDatabase } from "./database.ts";

export type PartitionStatus = "Computed" | "Failed" | "InProgress" | "Interrupted";

export interface PartitionRecord {
  readonly model: string;
  readonly key: string;
  readonly status: PartitionStatus;
  readonly rowCount?: number;
  readonly runId: string;
}

export const putPartition = (state: StateDatabase, partition: PartitionRecord): Promise<void> =>
  state.write((transaction) =>
    transaction.run(
      "INSERT OR REPLACE INTO partitions VALUES (?, ?, ?, ?, ?, ?)",
      partition.model,
      partition.key,
      partition.status,
      partition.rowCount ?? null,
      partition.runId,
      new Date().toISOString(),
    ),
  );

/** Keys of the partitions that have been computed. */
export const computedPartitions = async (
  state: StateDatabase,
  model: string,
): Promise<ReadonlySet<string>> => {
  const rows = await state.all(
    "SELECT partition_key FROM partitions WHERE model = ? AND status = 'Computed'",
    model,
  );
  return new Set(rows.map((row) => String(row[0])));
};
