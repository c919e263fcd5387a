import { afterEach, beforeEach, expect, it } from "vitest";
import { openInstance, type Instance } from "../open-instance.ts";
import type { PoolStorage } from "../storage.ts";
import { createFixtureInstance, type FixtureInstance } from "./fixture.ts";

let fixture: FixtureInstance;
let instance: Instance;
let pools: PoolStorage;
beforeEach(async () => {
  fixture = createFixtureInstance();
  instance = await openInstance(fixture.ref);
  pools = instance.events.pools;
});
afterEach(async () => {
  await instance.close();
  fixture.remove();
});

it("hands a slot to the waiting step of the highest priority", async () => {
  await pools.applyDefault("duckdb", 1);
  expect((await pools.limits()).get("duckdb")).toEqual({ limit: 1, fromDefault: true });
  expect(await pools.claim("duckdb", "r1", "a", 0)).toBe(true);
  expect(await pools.claim("duckdb", "r1", "a", 0)).toBe(true);
  expect(await pools.claim("duckdb", "r1", "b", 0)).toBe(false);
  expect(await pools.claim("duckdb", "r2", "c", 5)).toBe(false);
  await pools.release("r1", "a");
  expect(await pools.claim("duckdb", "r1", "b", 0)).toBe(false);
  expect(await pools.claim("duckdb", "r2", "c", 5)).toBe(true);
  await pools.release("r2");
  expect(await pools.claim("duckdb", "r1", "b", 0)).toBe(true);
  await pools.release("r1");
  expect(fixture.rows("index", "SELECT * FROM pending_steps")).toEqual([]);
  expect(fixture.rows("index", "SELECT run_id, step_key FROM concurrency_slots")).toEqual([
    { run_id: null, step_key: null },
  ]);
});

it("drops the slot of a lowered limit when it comes back", async () => {
  await pools.applyDefault("p", 2);
  await pools.claim("p", "r1", "a", 0);
  await pools.claim("p", "r1", "b", 0);
  await pools.applyDefault("p", 1);
  expect(fixture.rows("index", "SELECT count(*) AS n FROM concurrency_slots")).toEqual([{ n: 2 }]);
  await pools.release("r1");
  expect(fixture.rows("index", "SELECT count(*) AS n FROM concurrency_slots")).toEqual([{ n: 1 }]);
});
