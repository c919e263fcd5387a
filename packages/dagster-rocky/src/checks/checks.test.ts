import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discoverContractRules } from "./contracts.ts";
import { declaredChecks } from "./declared.ts";
import { freshnessPolicyFromModel } from "./freshness-policy.ts";

describe("declared checks", () => {
  const table = { name: "orders", sourceType: "duckdb" };
  const policy = { freshness: false, compliance: false };
  const names = (...args: Parameters<typeof declaredChecks>) =>
    declaredChecks(...args).map(({ name }) => name);
  const configured = (...checks: object[]) => ({
    ...policy,
    configured: { orders: checks.map((check) => ({ kind: "x", candidate: false, name: "", ...check })) },
  });

  test("come in one order", () => {
    const contract = { model: "orders", required: true, protected: false, constraints: true };
    expect(names({ ...table, contract }, { freshness: true, compliance: true })).toEqual([
      "row_count",
      "column_match",
      "freshness",
      "row_count_anomaly",
      "compliance_exception",
      "contract_required_columns",
      "contract_column_constraints",
    ]);
    expect(names(table, policy)).toEqual(["row_count", "column_match", "row_count_anomaly"]);
  });

  test("that are configured get a name that Dagster takes, once", () => {
    const twice: string[] = [];
    const policy = configured({ name: "null_rate:city" }, { name: "null rate.city" }, { name: "row_count" });
    expect(names(table, policy, (name) => twice.push(name)).slice(3)).toEqual(["null_rate_city"]);
    expect(twice).toEqual(["null_rate_city", "row_count"]);
  });

  test("over several sources are declared where their source type is, or everywhere", () => {
    const overlap = (name: string) =>
      names(table, configured({ name, candidate: true })).includes(name.replace(/\W/g, "_"));
    expect(overlap("cross_source_overlap:duckdb.orders")).toBe(true);
    expect(overlap("cross_source_overlap:fivetran.orders")).toBe(false);
    expect(overlap("something_else:fivetran.orders")).toBe(true);
  });

  test("of another table are not this one's", () => {
    expect(names({ ...table, name: "constructor" }, configured({ name: "x" }))).toHaveLength(3);
  });
});

describe("contracts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "contracts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const contract = (file: string, text: string) => writeFileSync(join(folder, file), text);

  test("say which rules they hold", () => {
    contract("a.contract.toml", '[rules]\nrequired = ["id"]\nprotected = []\n');
    contract("b.contract.toml", "[rules]\nno_new_nullable = true\n");
    contract("c.contract.toml", '[[columns]]\nname = "id"\nnullable = false\n');
    contract("d.contract.toml", '[[columns]]\nname = "id"\n');
    contract("models.toml", "not = 'a contract'");
    mkdirSync(join(folder, "nested"));
    contract("nested/e.contract.toml", "[rules]");
    const rules = [...discoverContractRules(folder).values()];
    expect(rules).toEqual([
      { model: "a", required: true, protected: false, constraints: false },
      { model: "b", required: false, protected: false, constraints: true },
      { model: "c", required: false, protected: false, constraints: true },
      { model: "d", required: false, protected: false, constraints: false },
    ]);
  });

  test("that are no TOML are an error with file, line and column", () => {
    contract("a.contract.toml", "[rules]\nrequired = \n");
    expect(() => discoverContractRules(folder)).toThrow(/a\.contract\.toml:2:\d+ is not valid TOML/);
  });

  test("without a model are told of, and a missing folder holds none", () => {
    const told: string[] = [];
    contract(".contract.toml", "");
    expect(discoverContractRules(folder, (line) => told.push(line)).size).toBe(0);
    expect(told).toHaveLength(1);
    expect(discoverContractRules(join(folder, "none")).size).toBe(0);
  });
});

test.each([
  [{ maxLagSeconds: 60, warnAfter: "1s", errorAfter: undefined }, 60],
  [{ maxLagSeconds: undefined, warnAfter: "2h", errorAfter: "1h" }, 3600],
  [{ maxLagSeconds: undefined, warnAfter: "30m", errorAfter: "1d" }, 1800],
  [{ maxLagSeconds: undefined, warnAfter: "05s", errorAfter: "soon" }, undefined],
])("freshness %o fails after %s seconds", (freshness, seconds) => {
  expect(freshnessPolicyFromModel(freshness)).toEqual(
    seconds === undefined ? undefined : { kind: "timeWindow", failWindow: seconds },
  );
});
