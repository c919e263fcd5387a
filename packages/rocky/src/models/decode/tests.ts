import { decodeAssertion, SEVERITIES } from "../../config/decode/assertion.ts";
import { compact, type TableReader } from "../../config/reader.ts";
import { isTable } from "../../config/toml.ts";
import type { Severity } from "../../config/types/checks.ts";
import type { FixtureRow, FixtureValue, UnitTest } from "../types.ts";

const fixtureValue = (value: unknown): FixtureValue | undefined => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  // TOML dates become their text; the database casts it back where a date is wanted.
  return value instanceof Date ? String(value.toISOString()) : undefined;
};

const decodeRows = (reader: TableReader): readonly FixtureRow[] => {
  const rows = reader.raw("rows");
  if (rows === undefined) return [];
  if (!Array.isArray(rows)) {
    reader.problem("rows", "expected an array of tables", "rows = [{ column = value }]");
    return [];
  }
  return rows.map((row, index) => {
    const entries: [string, FixtureValue][] = [];
    if (!isTable(row)) reader.problem(`rows.${index}`, "expected a table of column values");
    else
      for (const [column, value] of Object.entries(row)) {
        const known = fixtureValue(value);
        if (known === undefined)
          reader.problem(`rows.${index}.${column}`, "expected a text, number, boolean or date");
        else entries.push([column, known]);
      }
    return Object.freeze(Object.fromEntries(entries));
  });
};

/** One `[[test]]`. */
export const decodeUnitTest = (reader: TableReader): UnitTest =>
  compact({
    name: reader.requiredString("name"),
    description: reader.string("description"),
    given: reader.children("given", (child) => ({
      ref: child.requiredString("ref"),
      rows: decodeRows(child),
    })),
    expect: reader.requiredChild("expect", (child) => ({
      rows: decodeRows(child),
      ordered: child.boolean("ordered", false),
    })),
  });

/** One `[[use_test]]`: a named definition with what this model changes about it. */
export interface TestUse {
  readonly name: string;
  readonly column?: string;
  readonly severity?: Severity;
  readonly filter?: string;
}

export const decodeTestUse = (reader: TableReader): TestUse =>
  compact({
    name: reader.requiredString("name"),
    column: reader.string("column"),
    severity: reader.oneOf("severity", SEVERITIES),
    filter: reader.string("filter"),
  });

export { decodeAssertion };
