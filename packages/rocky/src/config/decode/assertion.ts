import { compact, type TableReader } from "../reader.ts";
import type { AggregateComparison, Assertion, AssertionRule, Severity } from "../types/checks.ts";

const TYPES = [
  "not_null",
  "unique",
  "unique_expr",
  "accepted_values",
  "relationships",
  "expression",
  "row_count_range",
  "in_range",
  "regex_match",
  "aggregate",
  "composite",
  "not_in_future",
  "older_than_n_days",
] as const;

export const SEVERITIES = ["error", "warning"] as const;

const COMPARISONS: Readonly<Record<string, AggregateComparison>> = {
  lt: "<",
  "<": "<",
  lte: "<=",
  "<=": "<=",
  gt: ">",
  ">": ">",
  gte: ">=",
  ">=": ">=",
  eq: "==",
  "==": "==",
  ne: "!=",
  "!=": "!=",
};

/** A bound may be written as text or as a number; SQL gets the text. */
const literal = (reader: TableReader, key: string): string | undefined => {
  const value = reader.raw(key);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return reader.string(key);
};

const literals = (reader: TableReader, key: string): readonly string[] => {
  const value = reader.raw(key);
  if (Array.isArray(value) && value.every((entry) => typeof entry !== "object"))
    return Object.freeze(value.map((entry) => String(entry)));
  return reader.requiredStrings(key);
};

const decodeAggregate = (reader: TableReader): AssertionRule => {
  const written = reader.requiredString("cmp");
  const cmp = COMPARISONS[written];
  if (cmp === undefined)
    reader.problem("cmp", `unknown comparison '${written}'`, "use <, <=, >, >=, == or !=");
  return compact({
    type: "aggregate" as const,
    op: reader.oneOf("op", ["sum", "count", "avg", "min", "max"]) ?? "count",
    column: reader.string("column"),
    cmp: cmp ?? "==",
    value: literal(reader, "value") ?? reader.requiredString("value"),
  });
};

const decodeRule = (reader: TableReader, type: (typeof TYPES)[number]): AssertionRule => {
  switch (type) {
    case "not_null":
    case "unique":
    case "not_in_future":
      return { type, column: reader.requiredString("column") };
    case "unique_expr":
      return { type, expression: reader.requiredString("key_expr") };
    case "expression":
      return { type, expression: reader.requiredString("expression") };
    case "accepted_values":
      return { type, column: reader.requiredString("column"), values: literals(reader, "values") };
    case "relationships":
      return {
        type,
        column: reader.requiredString("column"),
        toTable: reader.requiredString("to_table"),
        toColumn: reader.requiredString("to_column"),
      };
    case "row_count_range":
      return compact({ type, min: reader.integer("min"), max: reader.integer("max") });
    case "in_range":
      return compact({
        type,
        column: reader.requiredString("column"),
        min: literal(reader, "min"),
        max: literal(reader, "max"),
      });
    case "regex_match":
      return { type, column: reader.requiredString("column"), pattern: reader.requiredString("pattern") };
    case "aggregate":
      return decodeAggregate(reader);
    case "composite":
      return {
        type,
        kind: reader.oneOf("kind", ["unique"]) ?? "unique",
        columns: reader.requiredStrings("columns"),
      };
    case "older_than_n_days":
      return { type, column: reader.requiredString("column"), days: reader.integer("days") ?? 0 };
    default:
      return type satisfies never;
  }
};

export const decodeSeverity = (reader: TableReader, fallback: Severity = "error"): Severity =>
  reader.oneOf("severity", SEVERITIES) ?? fallback;

/** Stands where a problem was reported, so nothing ever asks it. */
const UNREADABLE: AssertionRule = { type: "expression", expression: "" };

/** A rule with its name, severity and filter; the caller's reader reports keys that no rule knows. */
export const decodeAssertion = (reader: TableReader): Assertion => {
  if (!reader.has("type")) reader.missing("type", `one of ${TYPES.join(", ")}`);
  const type = reader.oneOf("type", TYPES);
  const rule = type === undefined ? UNREADABLE : decodeRule(reader, type);
  if (type === undefined) reader.overlookAllBut("type");
  // `column` may accompany any rule as a label; only some need it.
  reader.raw("column");
  return compact({
    rule: Object.freeze(rule),
    name: reader.string("name"),
    severity: decodeSeverity(reader),
    filter: reader.string("filter"),
  });
};
