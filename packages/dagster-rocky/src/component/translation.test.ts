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
  [{ key: ["a", "x"], key_prefix: null }, "a/x"],
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
      { type: "weekly", start_date: "2024-01-01", day_offset: 1, hour_offset: 6 },
      { cronSchedule: "0 6 * * 1" },
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
    expect(translate({ freshness_policy: { fail_window: 120, warn_window: 60 } }).freshnessPolicy).toEqual({
      kind: "timeWindow",
      failWindow: 120,
      warnWindow: 60,
    });
    const daily = { deadline_cron: "0 9 * * *", lower_bound_delta: 3600, timezone: "Europe/Paris" };
    expect(translate({ freshness_policy: daily }).freshnessPolicy).toEqual({
      kind: "cron",
      deadlineCron: "0 9 * * *",
      lowerBoundDelta: 3600,
      timezone: "Europe/Paris",
    });
  });
});

test("groups made of names in the data are made valid, and null takes a group back", () => {
  expect(translate({ group_name: "shop-{{ group_name }}" }).groupName).toBe("shop_nl");
  expect(translate({ group_name: null, description: null })).toMatchObject({ groupName: "default" });
});

test("a template may give a key to depend on", () => {
  const upstream = AssetKey.of("raw", "orders");
  const scope = { resolve: (value: unknown) => (value === "{{ upstream }}" ? upstream : value) };
  expect(translate({ deps: ["{{ upstream }}"] }, scope).deps).toEqual([{ assetKey: upstream }]);
});

test("a template may give the whole spec", () => {
  expect(translate("{{ spec }}")).toBe(spec);
});

test.each([
  [{ tags: "nope" }, "translation.tags"],
  [{ tags: { "a b": "c" } }, "tag key `a b`"],
  [{ owners: [1, {}] }, "translation.owners"],
  [{ owners: ["nobody"] }, "owner `nobody` must be an e-mail address or a team"],
  [{ freshness_policy: { fail_window: 30 } }, "failWindow is at least 60 seconds"],
  [{ partitions_def: { type: "dayly" } }, "daily"],
  [{ automation_condition: "eager" }, "AutomationCondition.eager()"],
])("%o is refused with %s", (raw, hint) => {
  expect(() => translate(raw)).toThrow(hint);
});
