import { AssetCheckKey, AssetKey } from "@dagster-rocky/dagster";
import { afterEach, expect, test } from "vitest";
import { createRockyResource, type RockyResource } from "../resource/index.ts";
import { failed, planOutput, runOutput, wrote } from "../test-support/engine-output.ts";
import { eventLines, runOp } from "../test-support/op-context.ts";
import {
  createRecordedEngine,
  type RecordedAnswer,
  type RecordedEngine,
} from "../test-support/recorded-engine.ts";
import { createCompute, type DispatchSettings } from "./compute.ts";
import type { DeclaredCheck, SourceGroupPlan } from "./plans.ts";

const settings: DispatchSettings = {
  executionMode: "streaming",
  satisfyEmptyOutputs: false,
  surfaceCompliance: false,
  surfaceRetentionStatus: false,
  resourceKey: "rocky",
};

const orders = AssetKey.of("duckdb", "eu", "orders");
const customers = AssetKey.of("duckdb", "eu", "customers");
const builtin: readonly DeclaredCheck[] = [
  { name: "row_count", origin: "builtin" },
  { name: "row_count_anomaly", origin: "builtin" },
];

const table = (key: AssetKey, sourceId: string) => ({
  key,
  sourceId,
  table: key.path.at(-1) ?? "",
  nativePath: key.path,
  checks: builtin,
});

const plan: SourceGroupPlan = {
  kind: "sourceGroup",
  opName: "rocky_eu",
  groupName: "eu",
  groupFilter: "region=eu",
  tables: [table(orders, "src__eu"), table(customers, "src__eu")],
};

let engine: RecordedEngine | undefined;
afterEach(() => engine?.dispose());

const resourceOver = (answers: readonly RecordedAnswer[], extra: object = {}): RockyResource => {
  engine = createRecordedEngine(answers);
  return createRockyResource(
    { binaryPath: engine.path, ...extra },
    { projectRoot: engine.folder, env: process.env },
  );
};

const checksOf = (...keys: AssetKey[]) =>
  keys.flatMap((key) => builtin.map(({ name }) => AssetCheckKey.of(key, name)));

const applied = (json: unknown, exitCode = 0): readonly RecordedAnswer[] => [
  { when: ["plan"], json: planOutput("ab".repeat(32)) },
  { when: ["apply"], json, exitCode },
];

const rowCount = { name: "row_count", passed: true, severity: "error", source_count: 3, target_count: 3 };

test("a whole group is planned and applied with the group's filter, and the plan is on every materialization", async () => {
  const rocky = resourceOver(
    applied(
      runOutput({
        materializations: [wrote(orders.path), wrote(customers.path)],
        check_results: [{ asset_key: orders.path, checks: [rowCount] }],
      }),
    ),
  );
  const outcome = await runOp(createCompute(plan, settings), {
    assets: [orders, customers],
    checks: checksOf(orders, customers),
    resources: { rocky },
  });
  expect(outcome.failure).toBeUndefined();
  expect(engine?.calls()).toEqual([
    ["plan", "--filter", "region=eu"],
    ["apply", "ab".repeat(32)],
  ]);
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/orders",
    "materialize duckdb/eu/customers",
    "check duckdb/eu/orders row_count passed",
    "check duckdb/eu/orders row_count_anomaly failed WARN",
    "check duckdb/eu/customers row_count failed WARN",
    "check duckdb/eu/customers row_count_anomaly failed WARN",
  ]);
  expect(outcome.events[0]?.metadata).toMatchObject({
    "dagster-rocky/strategy": "full_refresh",
    "dagster-rocky/target_table_full_name": "duckdb.eu.orders",
    "dagster/duration_ms": { kind: "int", value: 12 },
    "dagster/row_count": { kind: "int", value: 3 },
    "rocky/plan_id": "ab".repeat(32),
    "rocky/plan_kind": "run",
    "rocky/plan_path": { kind: "path" },
    "rocky/run_status": "Success",
  });
});

test("some tables of a source run by id, and other tables of it are not reported", async () => {
  const other = table(AssetKey.of("duckdb", "eu", "web", "visits"), "src__eu__web");
  const rocky = resourceOver(
    applied(runOutput({ materializations: [wrote(orders.path), wrote(customers.path)] })),
  );
  const outcome = await runOp(createCompute({ ...plan, tables: [...plan.tables, other] }, settings), {
    assets: [orders],
    resources: { rocky },
  });
  expect(outcome.failure).toBeUndefined();
  expect(engine?.calls()[0]).toEqual(["plan", "--filter", "id=src__eu"]);
  expect(eventLines(outcome.events)).toEqual(["materialize duckdb/eu/orders"]);
});

test("a failed table fails the step after the others were reported, naming table and engine error", async () => {
  const rocky = resourceOver(
    applied(
      runOutput({
        materializations: [wrote(customers.path)],
        errors: [failed(orders.path, "Catalog Error: orders is a View")],
        check_results: [{ asset_key: orders.path, checks: [rowCount] }],
      }),
      2,
    ),
  );
  const outcome = await runOp(createCompute(plan, settings), {
    assets: [orders, customers],
    checks: checksOf(orders),
    resources: { rocky },
  });
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/customers",
    "check duckdb/eu/orders row_count failed WARN",
    "check duckdb/eu/orders row_count_anomaly failed WARN",
  ]);
  expect(outcome.failure?.message).toBe(
    "1 of 2 assets were not materialized: duckdb/eu/orders: Catalog Error: orders is a View",
  );
  expect(outcome.failure?.metadata).toMatchObject({ "rocky/failed_assets": ["duckdb/eu/orders"] });
});

test("an engine that fails everything and names no table still fails the step", async () => {
  const rocky = resourceOver(applied(runOutput({ errors: [failed([], "disk is full")] }), 1));
  const outcome = await runOp(createCompute(plan, settings), { assets: [orders], resources: { rocky } });
  expect(outcome.events).toEqual([]);
  expect(outcome.failure?.message).toContain("duckdb/eu/orders: the engine did not report it");
  expect(outcome.failure?.message).toContain("disk is full");
});

test("an interrupted run fails although everything was written", async () => {
  const materializations = [wrote(orders.path), wrote(customers.path)];
  const rocky = resourceOver(applied(runOutput({ materializations, interrupted: true }), 130));
  const outcome = await runOp(createCompute(plan, settings), {
    assets: [orders, customers],
    resources: { rocky },
  });
  expect(outcome.events).toHaveLength(2);
  expect(outcome.failure?.message).toContain("interrupted");
});

test("a quota stops the remaining calls and allows a retry later", async () => {
  const us = AssetKey.of("duckdb", "us", "orders");
  const rocky = resourceOver(
    applied(
      runOutput({
        errors: [
          failed(orders.path, "too many requests", { failure_kind: "quota-exceeded", cooldown_seconds: 90 }),
        ],
      }),
      1,
    ),
  );
  const wide: SourceGroupPlan = {
    ...plan,
    tables: [table(orders, "src__eu"), table(us, "src__us"), table(customers, "src__zz")],
  };
  const outcome = await runOp(createCompute(wide, settings), { assets: [orders, us], resources: { rocky } });
  expect(engine?.calls()).toHaveLength(2);
  expect(outcome.failure?.allowRetries).toBe(true);
  expect(outcome.failure?.metadata).toMatchObject({
    retry_after_seconds: { kind: "int", value: 90 },
    failure_kind: "quota-exceeded",
  });
});

test("what an earlier call reported survives a later call that fails", async () => {
  const us = AssetKey.of("duckdb", "us", "orders");
  const rocky = resourceOver([
    { when: ["plan", "id=src__eu"], json: planOutput("aa".repeat(32)) },
    {
      when: ["plan", "id=src__us"],
      stderr: "Error: warehouse unreachable\n\nStack backtrace:\n 0: x",
      exitCode: 1,
    },
    { when: ["apply"], json: runOutput({ materializations: [wrote(orders.path)] }) },
  ]);
  const wide: SourceGroupPlan = {
    ...plan,
    tables: [table(orders, "src__eu"), table(us, "src__us"), table(customers, "src__zz")],
  };
  const outcome = await runOp(createCompute(wide, settings), { assets: [orders, us], resources: { rocky } });
  expect(eventLines(outcome.events)).toEqual(["materialize duckdb/eu/orders"]);
  expect(outcome.failure?.message).toContain("rocky plan failed (exit 1): warehouse unreachable");
  expect(outcome.failure?.message).toContain("duckdb/us/orders");
  expect(outcome.failure?.message).not.toContain("Stack backtrace");
});

test("an unchanged table keeps its last verdict and is not materialized again", async () => {
  const rocky = resourceOver(
    applied(
      runOutput({
        materializations: [wrote(customers.path)],
        excluded_tables: [
          {
            asset_key: orders.path,
            source_schema: "src__eu",
            table_name: "orders",
            reason: "unchanged_since_last_copy",
          },
        ],
      }),
    ),
  );
  const outcome = await runOp(createCompute(plan, settings), {
    assets: [orders, customers],
    checks: [AssetCheckKey.of(orders, "row_count")],
    resources: { rocky },
    latestCheck: { runId: "old", passed: false, severity: "ERROR", timestamp: 1 },
  });
  expect(outcome.failure).toBeUndefined();
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/customers",
    "check duckdb/eu/orders row_count failed ERROR",
  ]);
});

test("satisfy_empty_outputs materializes what had nothing to copy, and says so", async () => {
  const rocky = resourceOver(applied(runOutput({ materializations: [wrote(customers.path)] })));
  const outcome = await runOp(createCompute(plan, { ...settings, satisfyEmptyOutputs: true }), {
    assets: [orders, customers],
    resources: { rocky },
  });
  expect(outcome.failure).toBeUndefined();
  expect(eventLines(outcome.events)).toContain("materialize duckdb/eu/orders");
  expect(outcome.events[1]?.metadata).toMatchObject({
    "rocky/empty_for_partition": true,
    "dagster/row_count": 0,
  });
});

test("governance is measured after the copy and reported after the materializations", async () => {
  const compliance: DeclaredCheck = { name: "compliance_exception", origin: "compliance" };
  const governed: SourceGroupPlan = {
    ...plan,
    tables: plan.tables.map((one) => ({ ...one, checks: [compliance] })),
  };
  const rocky = resourceOver([
    ...applied(runOutput({ materializations: [wrote(orders.path), wrote(customers.path)] })),
    {
      when: ["compliance"],
      json: {
        summary: { total_classified: 2, total_exceptions: 1, total_masked: 1 },
        exceptions: [{ model: "orders", column: "email", env: "default", reason: "no masking strategy" }],
      },
    },
    {
      when: ["retention-status"],
      json: { models: [{ model: "orders", in_sync: true, configured_days: 30 }] },
    },
  ]);
  const outcome = await runOp(
    createCompute(governed, { ...settings, surfaceCompliance: true, surfaceRetentionStatus: true }),
    {
      assets: [orders, customers],
      checks: [orders, customers].map((key) => AssetCheckKey.of(key, "compliance_exception")),
      resources: { rocky },
    },
  );
  expect(engine?.calls().map(([command]) => command)).toEqual([
    "plan",
    "apply",
    "compliance",
    "retention-status",
  ]);
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/orders",
    "materialize duckdb/eu/customers",
    "check duckdb/eu/orders compliance_exception failed WARN",
    "check duckdb/eu/customers compliance_exception passed",
    "observe duckdb/eu/orders",
  ]);
  expect(outcome.events[2]?.metadata).toMatchObject({ "rocky/compliance_models": "orders.email (default)" });
});

test("contracts are answered from the project as it is now", async () => {
  const contract = { model: "orders", required: true, protected: false, constraints: false };
  const checks: readonly DeclaredCheck[] = [{ name: "contract_required_columns", origin: "contract" }];
  const contracted: SourceGroupPlan = {
    ...plan,
    tables: [{ ...table(orders, "src__eu"), checks, contract }],
  };
  const rocky = resourceOver([
    ...applied(runOutput({ materializations: [wrote(orders.path)] })),
    {
      when: ["compile"],
      exitCode: 1,
      json: {
        has_errors: true,
        diagnostics: [
          { severity: "Error", code: "E010", message: "column total is missing", model: "orders" },
        ],
      },
    },
  ]);
  const outcome = await runOp(createCompute(contracted, settings), {
    assets: [orders],
    checks: [AssetCheckKey.of(orders, "contract_required_columns")],
    resources: { rocky },
  });
  expect(eventLines(outcome.events)).toEqual([
    "materialize duckdb/eu/orders",
    "check duckdb/eu/orders contract_required_columns failed ERROR",
  ]);
  expect(outcome.events[1]?.metadata).toMatchObject({
    "rocky/violation_0": "[E010] column total is missing",
  });
});

test("what the engine logs goes to the run's log with its own level", async () => {
  const line = JSON.stringify({
    level: "WARN",
    fields: { message: "table is empty", table: "orders" },
    target: "x",
  });
  const rocky = resourceOver([
    { when: ["plan"], json: planOutput("ab".repeat(32)) },
    {
      when: ["apply"],
      stderr: `${line}\ncopying`,
      json: runOutput({ materializations: [wrote(orders.path), wrote(customers.path)] }),
    },
  ]);
  const { log } = await runOp(createCompute(plan, settings), {
    assets: [orders, customers],
    resources: { rocky },
  });
  expect(log).toContainEqual({ level: "warn", message: "rocky: table is empty (table=orders)" });
  expect(log).toContainEqual({ level: "info", message: "rocky: copying" });
});
