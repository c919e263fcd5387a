import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INIT_TEMPLATES } from "../scaffold/init/templates.ts";
import { invoke } from "./invoke.ts";

const CREDENTIALS: Readonly<Record<string, string>> = {
  FIVETRAN_DESTINATION_ID: "d",
  FIVETRAN_API_KEY: "k",
  FIVETRAN_API_SECRET: "s",
  DATABRICKS_HOST: "db.example.test",
  DATABRICKS_HTTP_PATH: "/sql/1.0/warehouses/w",
  DATABRICKS_TOKEN: "t",
  SNOWFLAKE_ACCOUNT: "a",
  SNOWFLAKE_WAREHOUSE: "w",
  SNOWFLAKE_USER: "u",
  SNOWFLAKE_PASSWORD: "p",
  BIGQUERY_PROJECT: "b",
  TRINO_HOST: "trino.example.test",
  TRINO_USER: "u",
  TRINO_PASSWORD: "p",
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rocky-init-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a new project", () => {
  it.each(INIT_TEMPLATES)("of the template %s is valid and compiles as it is", async (template) => {
    await invoke(["init", "made", "--template", template], { cwd: folder, env: {} });
    const there = { cwd: join(folder, "made"), env: CREDENTIALS };
    const { payload } = await invoke(["validate"], there);
    expect(payload).toMatchObject({ valid: true });
    expect(await invoke(["compile"], there)).toMatchObject({
      exitCode: 0,
      payload: { models: 1, has_errors: false },
    });
  });

  it("runs on DuckDB without anything else", async () => {
    await invoke(["init", "made"], { cwd: folder, env: {} });
    const there = { cwd: join(folder, "made"), env: {} };
    expect(await invoke(["run"], there)).toMatchObject({ exitCode: 0, payload: { status: "Success" } });
    expect(existsSync(join(folder, "made/warehouse.duckdb"))).toBe(true);
  });
});
