import type { Granularity, Strategy } from "../../models/index.ts";
import { scanRegions } from "../../sql/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { contractName, isTemporal, isUnknown } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { columnNames, columnSpan, diagnostic, fileSpan, listsAllColumns, type ModelRule } from "./rule.ts";

type TimeInterval = Strategy & { readonly type: "time_interval" };

/** E020 to E026 and W003: what a model needs so that one partition can be built at a time. */
export const timeInterval: ModelRule = (model, name) => {
  const { strategy } = model.prepared.model;
  if (strategy.type !== "time_interval") return [];
  return [
    ...timeColumn(model, name, strategy),
    ...placeholders(model, name),
    ...firstPartition(model, name, strategy),
  ];
};

const timeColumn = (model: SemanticModel, name: string, strategy: TimeInterval): readonly Diagnostic[] => {
  const column = strategy.timeColumn;
  if (!/^[A-Za-z0-9_]+$/.test(column)) {
    const message = `time_column '${column}' is no plain identifier`;
    return [
      diagnostic("Error", "E023", name, {
        message,
        suggestion: "use letters, digits and underscores",
        span: fileSpan(model),
      }),
    ];
  }
  const output = model.table.find(column);
  if (output === undefined) {
    if (!listsAllColumns(model)) return [];
    const message = `time_column '${column}' is not among the output columns`;
    return [
      diagnostic("Error", "E020", name, {
        message,
        suggestion: `columns put out: ${columnNames(model)}`,
        span: fileSpan(model),
      }),
    ];
  }
  if (isUnknown(output.type)) return [];
  const span = columnSpan(model, output.name);
  const found: Diagnostic[] = [];
  if (!isTemporal(output.type)) {
    const message = `time_column '${column}' is ${contractName(output.type)}, neither a date nor a timestamp`;
    return [
      diagnostic("Error", "E021", name, {
        message,
        suggestion: `CAST '${column}' to DATE or TIMESTAMP`,
        span,
      }),
    ];
  }
  if (output.nullable) {
    const message = `time_column '${column}' may be NULL, and such rows belong to no partition`;
    const suggestion = `filter them out (WHERE ${column} IS NOT NULL) or COALESCE them`;
    found.push(diagnostic("Error", "E022", name, { message, suggestion, span }));
  }
  if (strategy.granularity === "hour" && output.type.kind === "Date") {
    const message = `time_column '${column}' is a DATE and cannot tell hours apart`;
    found.push(
      diagnostic("Error", "E025", name, {
        message,
        suggestion: 'use a TIMESTAMP, or granularity = "day"',
        span,
      }),
    );
  }
  return found;
};

const placeholders = (model: SemanticModel, name: string): readonly Diagnostic[] => {
  const { sql } = model.prepared;
  const text = scanRegions(sql)
    .filter((region) => region.kind !== "comment")
    .map((region) => sql.slice(region.start, region.end))
    .join("");
  const start = text.includes("@start_date");
  const end = text.includes("@end_date");
  if (start && end) return [];
  const span = fileSpan(model);
  const suggestion = "limit the rows: WHERE <time> >= @start_date AND <time> < @end_date";
  if (!start && !end) {
    const message = "neither @start_date nor @end_date is used, so every partition would hold all rows";
    return [diagnostic("Error", "E024", name, { message, suggestion, span })];
  }
  const message = `only ${start ? "@start_date" : "@end_date"} is used, so partitions are open at one end`;
  return [diagnostic("Warning", "W003", name, { message, suggestion, span })];
};

const KEYS: Readonly<Record<Granularity, { readonly pattern: RegExp; readonly example: string }>> = {
  hour: { pattern: /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/, example: "2025-01-31T23" },
  day: { pattern: /^(\d{4})-(\d{2})-(\d{2})$/, example: "2025-01-31" },
  month: { pattern: /^(\d{4})-(\d{2})$/, example: "2025-01" },
  year: { pattern: /^(\d{4})$/, example: "2025" },
};

const firstPartition = (
  model: SemanticModel,
  name: string,
  strategy: TimeInterval,
): readonly Diagnostic[] => {
  const key = strategy.firstPartition;
  if (key === undefined || isPartitionKey(key, strategy.granularity)) return [];
  const message = `first_partition '${key}' is no ${strategy.granularity} key`;
  const suggestion = `write it like ${KEYS[strategy.granularity].example}`;
  return [diagnostic("Error", "E026", name, { message, suggestion, span: fileSpan(model) })];
};

const isPartitionKey = (key: string, granularity: Granularity): boolean => {
  const match = KEYS[granularity].pattern.exec(key);
  if (match === null) return false;
  const [year, month = 1, day = 1, hour = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year ?? 0, month - 1, day, hour));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
};
