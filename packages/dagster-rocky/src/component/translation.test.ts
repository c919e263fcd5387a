import { AssetKey, type AssetSpec, AutomationCondition, MetadataValue } from "@dagster-rocky/dagster";
import { describe, expect, test } from "vitest";
import { plainScope } from "../test-support/load-context.ts";
import { compileTranslation } from "./translation.ts";

const spec: AssetSpec = {
  key: AssetKey.of("duckdb", "nl", "orders"),
  deps: [],
  metadata: { source_id: MetadataValue.text("s1"), other: MetadataValue.text("x") },
  groupName: "nl",
  tags: { "rocky/source_type": "duckdb" },
  kinds: ["rocky", "duckdb"],
  owners: [],
  skippable: true,
};
const props = { sourceId: "s1", sourceType: "duckdb", groupName: "nl", tableName: "orders", rowCount: 3 };
const translate = (raw: unknown, scope = plainScope) => compileTranslation(raw, scope)(spec, props);

test("templates know the table", () => {
  const raw = {
    description: "{{ table_name }} of {{ source_id }} ({{ source_type }}, {{ group_name }}, {{ row_count }})",
  };
  expect(translate(raw).description).toBe("orders of s1 (duckdb, nl, 3)");
});

test("tags and metadata are added, the rest is replaced", () => {
  const translated = translate({
    tags: { product: "{{ source_type }}" },
    metadata: { source_id: 7, note: { a: [1] } },
    kinds: ["table"],
    owners: ["team:sales"],
    group_name: "g_{{ group_name }}",
    code_version: "3",
    skippable: false,
    deps: ["raw/orders"],
  });
  expect(translated).toMatchObject({
    tags: { "rocky/source_type": "duckdb", product: "duckdb" },
    metadata: {
      source_id: { kind: "int", value: 7 },
      other: { kind: "text" },
      note: { kind: "json", data: { a: [1] } },
    },
    kinds: ["table"],
    owners: ["team:sales"],
    groupName: "g_nl",
    codeVersion: "3",
    skippable: false,
    deps: [{ assetKey: AssetKey.of("raw", "orders") }],
  });
});

test.each([
  [{ key: "new/{{ table_name }}" }, "new/orders"],
  [{ key_prefix: "pre" }, "pre/duckdb/nl/orders"],
  [{ key_prefix: ["p", "{{ group_name }}"] }, "p/nl/duckdb/nl/orders"],
  [{ key: "a", key_prefix: "b" }, "b/a"],
])("%o gives the key %s", (raw, key) => {
  expect(AssetKey.toUserString(translate(raw).key)).toBe(key);
});

describe("Dagster's objects", () => {
  test("come from templates", () => {
    const eager = AutomationCondition.eager();
    const scope = { resolve: () => eager };
    expect(translate({ automation_condition: "{{ automation_condition.eager() }}" }, scope)).toMatchObject({
      automationCondition: { label: "eager" },
    });
  });

  test.each([
    [
      { type: "daily", start_date: "2024-01-01" },
      { kind: "timeWindow", cronSchedule: "0 0 * * *", start: 1704067200 },
    ],
    [
      { type: "hourly", start_date: "2024-01-01-06:00" },
      { start: 1704088800, fmt: "%Y-%m-%d-%H:%M" },
    ],
    [
      { type: "static", partition_keys: ["a"] },
      { kind: "static", keys: ["a"] },
    ],
    [
      { type: "dynamic", name: "tenants" },
      { kind: "dynamic", name: "tenants" },
    ],
  ])("or from YAML: partitions %o", (partitions_def, expected) => {
    expect(translate({ partitions_def }).partitionsDef).toMatchObject(expected);
  });

  test("or from YAML: freshness", () => {
    expect(translate({ freshness_policy: { fail_window: 60, warn_window: 30 } }).freshnessPolicy).toEqual({
      kind: "timeWindow",
      failWindow: 60,
      warnWindow: 30,
    });
  });
});

test("a template may give the whole spec", () => {
  expect(translate("{{ spec }}")).toBe(spec);
});

test.each([
  [{ tags: "nope" }, "translation.tags"],
  [{ owners: [1, {}] }, "translation.owners[1]"],
  [{ partitions_def: { type: "dayly" } }, "daily"],
  [{ automation_condition: "eager" }, "automation_condition.eager()"],
])("%o is refused with %s", (raw, hint) => {
  expect(() => translate(raw)).toThrow(hint);
});
