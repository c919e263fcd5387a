import type { StateDatabase } from "./database.ts";

/** What a run measured of one table; `metrics` and the anomaly check read it back. */
export interface QualitySnapshot {
  readonly table: string;
  readonly runId: string;
  readonly recordedAt: string;
  readonly rowCount: number;
  /** Share of nulls by column, 0 to 1. */
  readonly nullRates: Readonly<Record<string, number>>;
  readonly freshnessLagSeconds?: number;
}

export const recordQuality = (state: StateDatabase, snapshots: readonly QualitySnapshot[]): Promise<void> =>
  state.write((transaction) => {
    for (const snapshot of snapshots) {
      transaction.run(
        "INSERT OR REPLACE INTO quality VALUES (?, ?, ?, ?, ?, ?)",
        snapshot.table,
        snapshot.runId,
        snapshot.recordedAt,
        snapshot.rowCount,
        JSON.stringify(snapshot.nullRates),
        snapshot.freshnessLagSeconds ?? null,
      );
    }
  });

/** Mean row count by table over its newest `window` measurements. */
export const meanRowCounts = async (
  state: StateDatabase,
  window: number,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await state.all(
    "SELECT table_name, AVG(row_count) FROM (SELECT table_name, row_count, ROW_NUMBER() OVER " +
      "(PARTITION BY table_name ORDER BY recorded_at DESC) AS age FROM quality) WHERE age <= ? GROUP BY table_name",
    window,
  );
  return new Map(rows.map((row) => [String(row[0]), Number(row[1])]));
};

/** Measurements of the tables that `name` stands for (its full name, or its last part), newest first. */
export const listQuality = async (
  state: StateDatabase,
  name: string,
): Promise<readonly QualitySnapshot[]> => {
  const rows = await state.all(
    "SELECT table_name, run_id, recorded_at, row_count, null_rates, freshness_lag_seconds FROM quality " +
      "WHERE table_name = ? ORDER BY recorded_at DESC",
    name,
  );
  return rows.map((row) => ({
    table: String(row[0]),
    runId: String(row[1]),
    recordedAt: String(row[2]),
    rowCount: Number(row[3]),
    nullRates: JSON.parse(String(row[4])) as Readonly<Record<string, number>>,
    ...(row[5] === null ? {} : { freshnessLagSeconds: Number(row[5]) }),
  }));
};
