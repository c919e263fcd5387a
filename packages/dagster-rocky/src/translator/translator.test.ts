import { AssetKey } from "@dagster-rocky/dagster";
import { describe, expect, test } from "vitest";
import type { DagNode, DiscoveredSource, ModelDetail } from "./inputs.ts";
import { sortedJson } from "./sorted-json.ts";
import { tagKey, tagValue } from "./tags.ts";
import { RockyDagsterTranslator } from "./translator.ts";

const translator = new RockyDagsterTranslator();
const source = (fields: Partial<DiscoveredSource> = {}): DiscoveredSource =>
  ({ id: "s1", sourceType: "fivetran", components: {}, tables: [], ...fields }) as DiscoveredSource;
const orders = { name: "orders", rowCount: undefined };
const text = (key: AssetKey) => AssetKey.toUserString(key);

describe("a replicated table", () => {
  test("is named after type, components and table; lists are joined", () => {
    const from = source({ components: { tenant: "acme", regions: ["eu", "west"], feed: "web" } });
    expect(text(translator.getAssetKey(from, orders))).toBe("fivetran/acme/eu__west/web/orders");
  });

  test("is grouped by its first single-valued component, else by type", () => {
    expect(translator.getGroupName(source({ components: { regions: ["eu"], feed: "web" } }))).toBe("web");
    expect(translator.getGroupName(source({ components: { regions: ["eu"] } }))).toBe("fivetran");
  });

  test("is tagged with single-valued components in a form that Dagster takes", () => {
    const from = source({ components: { "my team": "sales & co", regions: ["eu"] } });
    expect(translator.getTags(from, orders)).toEqual({
      "rocky/source_type": "fivetran",
      "rocky/my_team": "sales___co",
    });
  });

  test("shows what the source says of itself", () => {
    const from = source({
      lastSyncAt: "2026-01-02T03:04:05Z",
      metadata: { plain: "x", nested: { b: [1, null], a: "é" } },
    });
    expect(translator.getMetadata(from, { name: "orders", rowCount: 3 })).toEqual({
      source_id: "s1",
      source_type: "fivetran",
      last_sync_at: "2026-01-02T03:04:05+00:00",
      row_count: "3",
      plain: "x",
      nested: '{"a": "\\u00e9", "b": [1, null]}',
    });
  });
});

test("a model is its target, and its tags are made valid", () => {
  const model = {
    name: "fct orders",
    strategy: { type: "merge" },
    target: { catalog: "c", schema: "mart", table: "fct" },
    dependsOn: [],
    tags: { owner: "sales team" },
  } as unknown as ModelDetail;
  expect(text(translator.getModelAssetKey(model))).toBe("c/mart/fct");
  expect(translator.getModelGroupName(model)).toBe("mart");
  expect(translator.getModelTags(model)).toEqual({
    owner: "sales_team",
    "rocky/model_name": "fct_orders",
    "rocky/target_catalog": "c",
    "rocky/target_schema": "mart",
    "rocky/strategy": "merge",
  });
});

test.each([
  ["transformation", { target: { catalog: "c", schema: "s", table: "t" } }, "c/s/t", "s"],
  ["transformation", {}, "transformation_x_y", "p"],
  ["seed", {}, "seed/x y", "p"],
  ["source", {}, "p/source", "p"],
  ["load", { pipeline: undefined }, "default/load", "default"],
  ["quality", {}, "quality/p", "p"],
  ["snapshot", {}, "snapshot/p", "p"],
  ["replication", {}, "replication_x_y", "p"],
])("a %s node (%o) is %s in group %s", (kind, fields, key, group) => {
  const node = {
    id: `${kind}:x y`,
    kind,
    label: "x y",
    pipeline: "p",
    dependsOn: [],
    ...fields,
  } as unknown as DagNode;
  expect(text(translator.getDagNodeAssetKey(node))).toBe(key);
  expect(translator.getDagGroupName(node)).toBe(group);
});

test("tags are cut to what Dagster takes", () => {
  expect(tagValue("x".repeat(70))).toHaveLength(63);
  expect(tagKey("a b/c d/e")).toBe("a_b/c_d_e");
  expect(tagKey("")).toBe("_");
});

test("sorted JSON is what Python writes", () => {
  expect(sortedJson({ b: 1.5, a: [true, { d: "\u2028", c: null }] })).toBe(
    '{"a": [true, {"c": null, "d": "\\u2028"}], "b": 1.5}',
  );
});
