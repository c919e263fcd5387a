import { AssetKey } from "@dagster-rocky/dagster";
import { expect, test } from "vitest";
import { createKeyIndex } from "./key-index.ts";

const eu = AssetKey.of("eu", "orders");
const us = AssetKey.of("us", "orders");
const visits = AssetKey.of("web", "visits");
const index = createKeyIndex(
  [
    { key: eu, nativePath: ["duckdb", "eu", "orders"] },
    { key: us, nativePath: ["duckdb", "us", "orders"] },
    { key: visits, nativePath: ["duckdb", "web", "visits"] },
  ],
  [eu, us, visits],
);

test("a path is found exactly, and without what a shadow run appended", () => {
  expect(index.ofPath(["duckdb", "eu", "orders"])).toBe(eu);
  expect(index.ofPath(["duckdb", "eu", "orders_pr_7"])).toBeUndefined();
  expect(index.ofPath(["duckdb", "eu", "orders_pr_7"], "_pr_7")).toBe(eu);
  expect(index.ofPath(["eu", "orders"])).toBeUndefined();
});

test("a dotted name is found by its longest known tail, then by an unambiguous last part", () => {
  expect(index.ofName("shop.duckdb.us.orders")).toBe(us);
  expect(index.ofName("shop.landing.visits")).toBe(visits);
  expect(index.ofName("shop.landing.orders")).toBe("ambiguous");
  expect(index.ofName("shop.landing.customers")).toBeUndefined();
});

test("a tenant that is new since the refresh is found by table name", () => {
  const tenants = createKeyIndex([], [visits], { visits });
  expect(tenants.ofPath(["duckdb", "new_tenant", "visits"])).toBe(visits);
  expect(tenants.ofPath(["duckdb", "new_tenant", "constructor"])).toBeUndefined();
});
