import { compact, readTable, type TableReader } from "../reader.ts";
import { isTable } from "../toml.ts";
import type { CheckToggle, ChecksConfig } from "../types/checks.ts";
import { decodeAssertion, decodeSeverity } from "./assertion.ts";

const decodeToggle = (reader: TableReader, key: string): CheckToggle => {
  const value = reader.raw(key);
  if (!isTable(value)) return Object.freeze({ enabled: reader.boolean(key, false), severity: "error" });
  return (
    reader.child(key, (child) => ({
      enabled: child.boolean("enabled", true),
      severity: decodeSeverity(child),
    })) ?? {
      enabled: false,
      severity: "error",
    }
  );
};

const wholeNumbers = (reader: TableReader, key: string): Readonly<Record<string, number>> =>
  reader.map(key, (value, path) => {
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
    reader.problems.push({ severity: "error", path, message: "expected a whole number of seconds" });
    return undefined;
  });

/** `[pipeline.<name>.checks]`; `anomalyDefault` is 0 where no checks table exists. */
export const decodeChecks = (reader: TableReader): ChecksConfig =>
  compact({
    enabled: reader.boolean("enabled", false),
    failOnError: reader.boolean("fail_on_error", true),
    rowCount: decodeToggle(reader, "row_count"),
    columnMatch: decodeToggle(reader, "column_match"),
    freshness: reader.child("freshness", (child) => ({
      thresholdSeconds: child.integer("threshold_seconds") ?? missing(child, "threshold_seconds"),
      overrides: wholeNumbers(child, "overrides"),
      severity: decodeSeverity(child),
    })),
    nullRate: reader.child("null_rate", (child) => ({
      columns: child.requiredStrings("columns"),
      threshold: child.number("threshold") ?? missing(child, "threshold"),
      samplePercent: child.integer("sample_percent") ?? 10,
      severity: decodeSeverity(child),
    })),
    custom: reader.children("custom", (child) => ({
      name: child.requiredString("name"),
      sql: child.requiredString("sql"),
      threshold: child.integer("threshold") ?? 0,
      severity: decodeSeverity(child),
    })),
    anomalyThresholdPct: reader.number("anomaly_threshold_pct") ?? 50,
    assertions: reader.children("assertions", (child) => ({
      table: child.requiredString("table"),
      ...decodeAssertion(child),
    })),
    crossSourceOverlap: reader.child("cross_source_overlap", (child) =>
      compact({
        keys: child.strings("keys") ?? Object.freeze([]),
        keyExpr: child.string("key_expr"),
        severity: decodeSeverity(child),
        maxOverlapRows: child.integer("max_overlap_rows") ?? 0,
        sample: child.integer("sample") ?? 20,
      }),
    ),
    quarantine: reader.child("quarantine", (child) => ({
      enabled: child.boolean("enabled", false),
      mode: child.oneOf("mode", ["split", "tag", "drop"]) ?? "split",
      suffixValid: child.string("suffix_valid") ?? "__valid",
      suffixQuarantine: child.string("suffix_quarantine") ?? "__quarantine",
    })),
    declared: true,
  });

const missing = (reader: TableReader, key: string): number => {
  if (!reader.has(key)) reader.problem(key, `missing field \`${key}\``, `add ${key}`);
  return 0;
};

/** What a pipeline without a `checks` table gets: nothing is checked. */
export const noChecks = (): ChecksConfig =>
  Object.freeze({
    ...readTable({}, [], [], decodeChecks),
    failOnError: false,
    anomalyThresholdPct: 0,
    declared: false,
  });
