import { compact, readTable, type TableReader } from "../reader.ts";
import type { ExecutionConfig, ScheduleConfig } from "../types/pipeline.ts";
import { decodeChecks, noChecks } from "./checks.ts";

const DEFAULT_ADAPTER = "default";

/** An adapter reference; a missing one means the adapter named `default`. */
export const adapterReference = (reader: TableReader): string => reader.string("adapter") ?? DEFAULT_ADAPTER;

const decodeConcurrency = (reader: TableReader): "adaptive" | number => {
  const value = reader.raw("concurrency");
  if (value === undefined || value === "adaptive") return "adaptive";
  if (typeof value === "string") {
    reader.problem("concurrency", `unknown value '${value}'`, 'use "adaptive" or a whole number');
    return "adaptive";
  }
  return reader.integer("concurrency", 1) ?? "adaptive";
};

const decodeExecution = (reader: TableReader): ExecutionConfig => ({
  concurrency: decodeConcurrency(reader),
  failFast: reader.boolean("fail_fast", false),
  errorRateAbortPct: reader.integer("error_rate_abort_pct") ?? 50,
  tableRetries: reader.integer("table_retries") ?? 1,
});

const decodeSchedule = (reader: TableReader): ScheduleConfig =>
  compact({
    cron: reader.string("cron"),
    timezone: reader.string("timezone"),
    after: reader.strings("after") ?? Object.freeze([]),
    catchup: reader.string("catchup") ?? "latest",
    enabled: reader.boolean("enabled", true),
    freshness: reader.boolean("freshness", false),
    retryMax: reader.child("retry", (child) => ({ max: child.integer("max") ?? 0 }))?.max ?? 0,
    timeoutMinutes: reader.integer("timeout_minutes") ?? 0,
  });

/** What every pipeline type has. */
export const decodeCommon = (reader: TableReader) => {
  const schedule = reader.child("schedule", decodeSchedule);
  return {
    dependsOn: reader.strings("depends_on") ?? Object.freeze([]),
    checks: reader.child("checks", decodeChecks) ?? noChecks(),
    execution: reader.child("execution", decodeExecution) ?? readTable({}, [], [], decodeExecution),
    ...(schedule === undefined ? {} : { schedule }),
  };
};
