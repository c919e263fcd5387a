import { AssetKey } from "@dagster-rocky/dagster";
import { expect, test } from "vitest";
import { CONTRACT_COLUMN_CONSTRAINTS_CHECK, CONTRACT_REQUIRED_COLUMNS_CHECK } from "../checks/names.ts";
import { contractNotVerified, contractResult } from "./contracts.ts";

const key = AssetKey.of("duckdb", "eu", "orders");
const diagnostic = (code: string, model = "orders") => ({
  severity: "Error",
  code,
  message: `about ${code}`,
  model,
});

test.each([
  ["no diagnostics", CONTRACT_REQUIRED_COLUMNS_CHECK, [], true, "ERROR", {}],
  ["another model's", CONTRACT_REQUIRED_COLUMNS_CHECK, [diagnostic("E010", "other")], true, "ERROR", {}],
  ["another rule's", CONTRACT_REQUIRED_COLUMNS_CHECK, [diagnostic("E011")], true, "ERROR", {}],
  [
    "violations",
    CONTRACT_COLUMN_CONSTRAINTS_CHECK,
    [diagnostic("E011"), diagnostic("W010")],
    false,
    "ERROR",
    {
      "rocky/violation_0": "[E011] about E011",
      "rocky/violation_1": "[W010] about W010",
      "rocky/violation_count": 2,
    },
  ],
  [
    "advice only",
    CONTRACT_COLUMN_CONSTRAINTS_CHECK,
    [diagnostic("W010")],
    false,
    "WARN",
    { "rocky/violation_count": 1 },
  ],
  [
    "unverified",
    CONTRACT_COLUMN_CONSTRAINTS_CHECK,
    [diagnostic("I003")],
    true,
    "ERROR",
    { "rocky/unverified_count": 1 },
  ],
  [
    "no such model",
    CONTRACT_REQUIRED_COLUMNS_CHECK,
    [diagnostic("W011")],
    false,
    "WARN",
    { "rocky/contract_model_not_found": true },
  ],
] as const)("%s", (_what, check, diagnostics, passed, severity, metadata) => {
  expect(contractResult(key, check, "orders", diagnostics)).toMatchObject({ passed, severity, metadata });
});

test("a project that does not compile proves nothing", () => {
  expect(contractNotVerified(key, CONTRACT_REQUIRED_COLUMNS_CHECK, "broken")).toMatchObject({
    passed: false,
    severity: "WARN",
    metadata: { status: "not verified: broken", "rocky/compile_missing": true },
  });
});
