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

export interface RowCountBaseline {
  readonly mean: number;
  readonly samples: number;
}

/** What is usual for each table, over its newest `window` measurements. */
export const rowCountBaselines = async (
  state: StateDatabase,
  window: number,
): Promise<ReadonlyMap<string, RowCountBaseline>> => {
  const rows = await state.all(
    "SELECT table_name, AVG(row_count), COUNT(*) FROM (SELECT table_name, row_count, ROW_NUMBER() OVER " +
      "(PARTITION BY table_name ORDER BY recorded_at DESC) AS age FROM quality) WHERE age <= ? GROUP BY table_name",
    window,
  );
  return new Map(rows.map((row) => [String(row[0]), { mean: Number(row[1]), samples: Number(row[2]) }]));
};

/** Measurements of a table by its full name, newest first. */
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
