import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AssetCheckKey, AssetKey } from "@dagster-rocky/dagster";
import { afterEach, expect, test } from "vitest";
import { createRockyResource } from "../resource/index.ts";
import { planOutput, runOutput, wrote } from "../test-support/engine-output.ts";
import { eventLines, runOp } from "../test-support/op-context.ts";
import {
  createRecordedEngine,
  type RecordedAnswer,
  type RecordedEngine,
} from "../test-support/recorded-engine.ts";
import { createCompute, type DispatchSettings } from "./compute.ts";
import type { SourceGroupPlan } from "./plans.ts";

const settings: DispatchSettings = {
  executionMode: "pipes",
  satisfyEmptyOutputs: false,
  surfaceCompliance: false,
  surfaceRetentionStatus: false,
  resourceKey: "rocky",
};

const keyOf = (table: string): AssetKey => AssetKey.of("duckdb", "eu", table);

const plan: SourceGroupPlan = {
  kind: "sourceGroup",
  opName: "rocky_eu",
  groupName: "eu",
  groupFilter: "region=eu",
  tables: ["orders", "customers"].map((table) => ({
    key: keyOf(table),
    sourceId: "src__eu",
    table,
    nativePath: ["duckdb", "eu", table],
    checks: [{ name: "row_count", origin: "builtin" }],
  })),
};

let engine: RecordedEngine | undefined;
afterEach(() => engine?.dispose());

const run = (apply: Omit<RecordedAnswer, "when">) => {
  engine = createRecordedEngine([
    { when: ["plan"], json: planOutput("ab".repeat(32)) },
    { when: ["apply"], ...apply },
  ]);
  const rocky = createRockyResource(
    { binaryPath: engine.path },
    { projectRoot: engine.folder, env: process.env },
  );
  const assets = ["orders", "customers"].map(keyOf);
  const checks = assets.map((key) => AssetCheckKey.of(key, "row_count"));
  return runOp(createCompute(plan, settings), { assets, checks, resources: { rocky } });
};

const written = (table: string) => ({
  method: "report_asset_materialization",
  params: {
    asset_key: `duckdb/eu/${table}`,
    metadata: {
      strategy: { raw_value: "full_refresh", type: "text" },
      duration_ms: { raw_value: 7, type: "int" },
    },
  },
});
const checked = (table: string, cause?: string) => ({
  method: "report_asset_check",
  params: {
    asset_key: `duckdb/eu/${table}`,
    check_name: "row_count",
    passed: true,
    severity: "ERROR",
    metadata: cause === undefined ? {} : { "rocky/not_evaluated_cause": { raw_value: cause, type: "text" } },
  },
});

test("the plan and the declared checks reach the engine, and its messages are enough", async () => {
  const outcome = await run({
    pipes: [
      { method: "log", params: { message: "copying orders", level: "WARNING" } },
      written("orders"),
      written("customers"),
      checked("orders"),
      checked("customers"),
    ],
  });
  expect(outcome.failure).toBeUndefined();
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/orders",
    "materialize duckdb/eu/customers",
    "check duckdb/eu/orders row_count passed",
    "check duckdb/eu/customers row_count passed",
  ]);
  expect(outcome.log).toContainEqual({ level: "warn", message: "rocky: copying orders" });
  const context = JSON.parse(
    readFileSync(join(engine?.folder ?? "", "pipes-context.json"), "utf8"),
  ) as object;
  expect(context).toMatchObject({
    asset_keys: ["duckdb/eu/orders", "duckdb/eu/customers"],
    run_id: "run-1",
    extras: {
      plan_id: "ab".repeat(32),
      rocky_declared_checks: { "duckdb/eu/orders": ["row_count"], "duckdb/eu/customers": ["row_count"] },
    },
  });
});

test("a table that no message reports is not green", async () => {
  const outcome = await run({
    pipes: [written("orders"), checked("orders"), checked("customers", "copy_failed")],
  });
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/orders",
    "check duckdb/eu/orders row_count passed",
    "check duckdb/eu/customers row_count failed WARN",
  ]);
  expect(outcome.failure?.message).toContain("duckdb/eu/customers");
});

test("the run's own output outweighs its messages", async () => {
  const outcome = await run({
    pipes: [written("orders"), written("customers"), checked("orders")],
    json: runOutput({ materializations: [wrote(["duckdb", "eu", "orders"])] }),
  });
  expect(eventLines(outcome.events).slice(0, 2)).toEqual([
    "materialize duckdb/eu/orders",
    "check duckdb/eu/orders row_count passed",
  ]);
  expect(outcome.failure?.message).toContain("duckdb/eu/customers: the engine did not report it");
});
