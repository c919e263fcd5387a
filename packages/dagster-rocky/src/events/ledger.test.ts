import { AssetKey, type AssetCheckResult, type AssetObservation } from "@dagster-rocky/dagster";
import { expect, test } from "vitest";
import { decodeRun } from "../resource/outputs/run.ts";
import { runOutput, wrote } from "../test-support/engine-output.ts";
import { eventLines } from "../test-support/op-context.ts";
import { createKeyIndex } from "./key-index.ts";
import { createLedger } from "./ledger.ts";

const orders = AssetKey.of("duckdb", "eu", "orders");
const customers = AssetKey.of("duckdb", "eu", "customers");
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const ledgerOf = (checks: readonly string[], unasked: readonly string[] = []) =>
  createLedger(
    [{ key: orders, checks: checks.map((name) => ({ name, origin: "builtin" as const })), unasked }],
    createKeyIndex(
      [orders, customers].map((key) => ({ key, nativePath: key.path })),
      [orders],
    ),
    silent,
  );

const take = (checks: readonly string[], fields: object, unasked?: readonly string[]) =>
  ledgerOf(checks, unasked).take({
    run: decodeRun(runOutput({ materializations: [wrote(orders.path)], ...fields })),
  });

const checkRow = (fields: object) => ({ check_results: [{ asset_key: orders.path, checks: [fields] }] });

test("a check carries everything the engine says, under the names that users know", () => {
  const check = {
    name: "null_rate:coupon",
    passed: false,
    severity: "warning",
    column: "coupon",
    null_rate: 0.5,
    threshold: 0.25,
    missing: [],
    extra: ["a", "b"],
  };
  const [, event] = take(["null_rate_coupon"], checkRow(check));
  expect(event).toMatchObject({
    kind: "check",
    checkName: "null_rate_coupon",
    passed: false,
    severity: "WARN",
    metadata: {
      column: "coupon",
      null_rate: { kind: "float", value: 0.5 },
      threshold: { kind: "float", value: 0.25 },
      missing_columns: "(none)",
      extra_columns: "a, b",
      severity: "warning",
    },
  } satisfies Partial<AssetCheckResult>);
});

test("a check that the asset does not declare is an observation", () => {
  const [, event] = take([], checkRow({ name: "odd one", passed: true }));
  expect(event).toMatchObject({
    kind: "observe",
    metadata: { "rocky/undeclared_check": true, "rocky/check_name": "odd one", "rocky/check_passed": true },
  } satisfies Partial<AssetObservation>);
});

test("a declared check that was not asked for is left out", () => {
  expect(eventLines(take([], checkRow({ name: "row_count", passed: true }), ["row_count"]))).toEqual([
    "materialize duckdb/eu/orders",
  ]);
});

test("tables that are not selected leave no event", () => {
  const events = take([], {
    materializations: [wrote(customers.path), wrote(orders.path), wrote(orders.path)],
  });
  expect(eventLines(events)).toEqual(["materialize duckdb/eu/orders"]);
});

test("an anomaly fails its check, and beats the note that it was evaluated", () => {
  const events = take(["row_count_anomaly"], {
    anomalies: [
      { table: "eu.orders", current_count: 1, baseline_avg: 10, deviation_pct: 90, reason: "few rows" },
    ],
    anomaly_evaluated: [{ table: "eu.orders", evaluated: true }],
  });
  expect(eventLines(events).slice(1)).toEqual(["check duckdb/eu/orders row_count_anomaly failed WARN"]);
});

test("drift is an observation of the table", () => {
  const action = { table: "duckdb.eu.orders", action: "add_columns", reason: "added column 'x'" };
  const events = take([], { drift: { tables_checked: 2, tables_drifted: 1, actions_taken: [action] } });
  expect(events[1]).toMatchObject({
    kind: "observe",
    description: "Schema drift: add_columns",
    metadata: { "rocky/drift_tables_drifted": 1, "rocky/drift_table": "duckdb.eu.orders" },
  });
});

test("the row count is the table's: that of a copy which added rows is what its check counted", () => {
  const metadata = { strategy: "incremental" };
  const rowsOf = (strategy: string, checks: readonly object[]) => {
    const [event] = ledgerOf(["row_count"]).take({
      run: decodeRun(
        runOutput({
          materializations: [wrote(orders.path, { rows_copied: 2, metadata: { ...metadata, strategy } })],
          check_results: [{ asset_key: orders.path, checks }],
        }),
      ),
    });
    return event?.metadata["dagster/row_count"];
  };
  const check = { name: "row_count", passed: true, severity: "error", source_count: 9, target_count: 9 };
  expect(rowsOf("incremental", [check])).toEqual({ kind: "int", value: 9 });
  expect(rowsOf("incremental", [])).toBeUndefined();
  expect(rowsOf("full_refresh", [])).toEqual({ kind: "int", value: 2 });
});

test("rows and row-count checks that only the log names reach the events", () => {
  const events = ledgerOf(["row_count_anomaly"]).take({
    run: decodeRun(runOutput({ materializations: [wrote(orders.path, { rows_copied: null })] })),
    heard: {
      runId: "run-7",
      rows: new Map([["duckdb/eu/orders", 5]]),
      anomalyChecks: [{ table: "shop.eu.orders", status: "no anomaly" }],
    },
  });
  expect(eventLines(events)).toEqual([
    "materialize duckdb/eu/orders",
    "check duckdb/eu/orders row_count_anomaly passed",
  ]);
  expect(events[0]?.metadata).toMatchObject({
    "dagster/row_count": { kind: "int", value: 5 },
    "rocky/run_id": "run-7",
  });
});
