import { decodeBudgetTable } from "../../config/decode/settings.ts";
import { decodeSeverity } from "../../config/decode/assertion.ts";
import { compact, describeValue, readTable, type TableReader } from "../../config/reader.ts";
import { isTable } from "../../config/toml.ts";
import type { Assertion } from "../../config/types/checks.ts";
import type {
  FormatOptions,
  Model,
  ModelFreshness,
  ModelTarget,
  Strategy,
  SurrogateKey,
  UnitTest,
} from "../types.ts";
import { parseRetention } from "../retention.ts";
import { decodeStrategy } from "./strategy.ts";
import { decodeAssertion, decodeTestUse, decodeUnitTest, type TestUse } from "./tests.ts";

/** What a sidecar says by itself, before groups and defaults are applied. */
export interface Sidecar {
  readonly name?: string;
  readonly dependsOn: readonly string[];
  readonly intent?: string;
  readonly adapter?: string;
  readonly retention?: NonNullable<Model["retention"]>;
  readonly group?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly strategy?: Strategy;
  readonly target: { readonly catalog?: string; readonly schema?: string; readonly table?: string };
  readonly sources: readonly ModelTarget[];
  readonly freshness?: ModelFreshness;
  readonly classification: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly governanceTags: Readonly<Record<string, string>>;
  readonly columns: Model["columns"];
  readonly surrogateKeys: readonly SurrogateKey[];
  readonly tests: readonly Assertion[];
  readonly testUses: readonly TestUse[];
  readonly unitTests: readonly UnitTest[];
  readonly skip?: NonNullable<Model["skip"]>;
  readonly budget?: NonNullable<Model["budget"]>;
  readonly format?: string;
  readonly formatOptions?: FormatOptions;
}

const NONE: readonly string[] = Object.freeze([]);

const TARGET_KEYS = ["catalog", "schema", "table"] as const;

export const decodeTarget = (reader: TableReader): Sidecar["target"] =>
  compact({
    catalog: reader.string(TARGET_KEYS[0]),
    schema: reader.string(TARGET_KEYS[1]),
    table: reader.string(TARGET_KEYS[2]),
  });

export const decodeFreshness = (reader: TableReader): ModelFreshness | undefined => {
  const maxLag = reader.integer("max_lag_seconds");
  const expected = reader.integer("expected_lag_seconds");
  const seconds = maxLag ?? expected;
  if (seconds === undefined && !reader.has("max_lag_seconds") && !reader.has("expected_lag_seconds"))
    reader.missing("max_lag_seconds", "add max_lag_seconds = <seconds>");
  return compact({
    maxLagSeconds: seconds ?? 0,
    timeColumn: reader.string("time_column"),
    severity: reader.has("severity") ? decodeSeverity(reader) : undefined,
  });
};

const decodeRetention = (reader: TableReader): Sidecar["retention"] => {
  const text = reader.string("retention");
  if (text === undefined) return undefined;
  const days = parseRetention(text);
  if (days !== undefined) return Object.freeze({ text, days });
  reader.problem(
    "retention",
    `invalid retention '${text}'`,
    "use a positive number of days or years: 30d, 2y",
  );
  return undefined;
};

const decodeColumns = (reader: TableReader): Model["columns"] =>
  reader.map("columns", (value, path) => {
    if (!isTable(value)) {
      reader.problems.push({
        severity: "error",
        path,
        message: `expected a table, found ${describeValue(value)}`,
      });
      return undefined;
    }
    return readTable(
      value,
      path,
      reader.problems,
      (child) => compact({ description: child.string("description") }),
      reader.unknownKeys,
    );
  });

const decodeFormatOptions = (reader: TableReader): FormatOptions =>
  compact({
    partitionBy: reader.strings("partition_by") ?? NONE,
    clusterBy: reader.strings("cluster_by") ?? NONE,
    tableProperties: reader.textMap("table_properties"),
    comment: reader.string("comment"),
  });

const decodeSkip = (reader: TableReader): NonNullable<Model["skip"]> =>
  compact({
    eligible: reader.has("eligible") ? reader.boolean("eligible", false) : undefined,
    deterministic: reader.has("deterministic") ? reader.boolean("deterministic", false) : undefined,
  });

/** Reads every key of a sidecar or frontmatter. */
export const decodeSidecar = (reader: TableReader): Sidecar =>
  compact({
    name: reader.string("name"),
    dependsOn: reader.strings("depends_on") ?? NONE,
    intent: reader.string("intent"),
    adapter: reader.string("adapter"),
    retention: decodeRetention(reader),
    group: reader.string("group"),
    args: reader.textMap("args"),
    strategy: reader.child("strategy", decodeStrategy),
    target: reader.child("target", decodeTarget) ?? {},
    sources: reader.children("sources", (child) => ({
      catalog: child.requiredString("catalog"),
      schema: child.requiredString("schema"),
      table: child.requiredString("table"),
    })),
    freshness: reader.child("freshness", decodeFreshness),
    classification: reader.textMap("classification"),
    tags: reader.textMap("tags"),
    governanceTags: reader.child("governance", (child) => child.textMap("tags")) ?? {},
    columns: decodeColumns(reader),
    surrogateKeys: reader.children(
      "surrogate_key",
      (child) => ({ name: child.requiredString("name"), columns: child.requiredStrings("columns") }),
      "error",
    ),
    tests: reader.children("tests", decodeAssertion),
    testUses: reader.children("use_test", decodeTestUse, "error"),
    unitTests: reader.children("test", decodeUnitTest),
    skip: reader.child("skip", decodeSkip),
    budget: reader.child("budget", decodeBudgetTable),
    format: reader.string("format"),
    formatOptions: reader.child("format_options", decodeFormatOptions),
  });
