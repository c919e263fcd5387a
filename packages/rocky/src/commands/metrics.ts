import { openCommandState } from "../run/environment.ts";
import { listQuality } from "../state/quality-history.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";

export const metrics = defineCommand({
  name: "metrics",
  summary: "Show what checks have measured of a table",
  flags: {
    column: stringFlag("also the null rate of this column over time", "NAME"),
    trend: booleanFlag("all measurements instead of the newest one"),
    alerts: booleanFlag("accepted; alerts are the anomalies of `run`"),
  },
  positionals: [{ name: "model", help: "full name of the table: catalog.schema.table" }],
  run: async ({ flags, positionals }, context) => {
    using state = await openCommandState(context, "read");
    const all = await listQuality(state, positionals.model);
    const shown = flags.trend || flags.column !== undefined ? all : all.slice(0, 1);
    const { column } = flags;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "metrics",
        model: positionals.model,
        snapshots: shown.map((one) => ({
          run_id: one.runId,
          timestamp: one.recordedAt,
          row_count: one.rowCount,
          ...(one.freshnessLagSeconds === undefined
            ? {}
            : { freshness_lag_seconds: one.freshnessLagSeconds }),
          null_rates: one.nullRates,
        })),
        count: shown.length,
        ...(column === undefined
          ? {}
          : {
              column,
              column_trend: all.map((one) => ({
                run_id: one.runId,
                timestamp: one.recordedAt,
                row_count: one.rowCount,
                ...(one.nullRates[column] === undefined ? {} : { null_rate: one.nullRates[column] }),
              })),
            }),
        ...(shown.length === 0 ? { message: "no quality metrics available" } : {}),
      },
      table: () =>
        shown.length === 0
          ? "no quality metrics available\n"
          : shown.map((one) => `${one.recordedAt}  ${one.rowCount} rows\n`).join(""),
    };
  },
});
