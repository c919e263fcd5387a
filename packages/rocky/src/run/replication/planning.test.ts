import { expect, test } from "vitest";
import type { ReplicationPipeline } from "../../config/index.ts";
import { matchesSource, matchesTable, parseFilter } from "./filter.ts";
import { createOverrideResolver } from "./overrides.ts";
import { fillTemplate, flatComponents, parseSchemaName } from "./schema-pattern.ts";

const pattern = (...components: string[]) => ({ prefix: "evt__", separator: "__", components });

test("a variadic component takes what the others leave", () => {
  expect(parseSchemaName(pattern("site", "regions...", "feed"), "evt__blog__eu__west__clicks")).toEqual({
    site: "blog",
    regions: ["eu", "west"],
    feed: "clicks",
  });
  expect(parseSchemaName(pattern("site", "regions...", "feed"), "evt__blog__clicks")).toBeUndefined();
  expect(parseSchemaName(pattern("site"), "raw__blog")).toBeUndefined();
  expect(parseSchemaName(pattern("site"), "evt__blog__more")).toEqual({ site: "blog" });
});

test("templates join variadic components and keep unknown placeholders", () => {
  const components = { site: "blog", regions: ["eu", "west"] };
  expect(fillTemplate("b__{site}__{regions:_}", components, "__")).toBe("b__blog__eu_west");
  expect(fillTemplate("{regions}-{regions:}-{nope}", components, "__")).toBe("eu__west-euwest-{nope}");
  expect(flatComponents(components)).toEqual(["blog", "eu", "west"]);
});

test("a filter names a component, a source or a table", () => {
  const source = { id: "evt__blog", components: { site: "blog", regions: ["eu", "west"] } };
  const passes = (text: string): boolean => matchesSource(parseFilter(text), source);
  expect([passes("site=blog"), passes("regions=west"), passes("id=evt__blog"), passes("table=x")]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([passes("site=shop"), passes("planet=mars"), passes("constructor=x")]).toEqual([
    false,
    false,
    false,
  ]);
  expect([matchesTable(parseFilter("table=a"), "a"), matchesTable(parseFilter("table=a"), "b")]).toEqual([
    true,
    false,
  ]);
  expect(() => parseFilter("blog")).toThrow("expected key=value");
});

test("each override field comes from the most specific rule that sets it", () => {
  const pipeline = {
    strategy: "full_refresh",
    timestampColumn: "ts",
    mergeKeys: [],
    mergeKeysFallback: [],
    tableOverrides: [
      { match: { table: "tmp_*" }, enabled: false },
      { match: { connector: "a" }, strategy: "merge", mergeKeys: ["id"] },
      { match: { connector: "a", table: "log" }, strategy: "full_refresh" },
      { match: { connector: "z" }, strategy: "incremental" },
    ],
  } as unknown as ReplicationPipeline;
  const { resolve, warnings } = createOverrideResolver(pipeline);
  expect(resolve({ connector: ["a"], table: "log" })).toMatchObject({
    strategy: "full_refresh",
    mergeKeys: ["id"],
  });
  expect(resolve({ connector: ["a"], table: "tmp_1" })).toMatchObject({ strategy: "merge", enabled: false });
  expect(resolve({ connector: ["b"], table: "x.tmp_1" })).toMatchObject({ enabled: true });
  expect(warnings()).toMatchObject([{ rule_index: 3, kind: "connector_match_empty", connector: "z" }]);
});
