import { describe, expect, it } from "vitest";
import { createTempProject, replicationToml, type TempProject, transformationToml } from "../fixture.ts";

const DEFAULTS = '[target]\ncatalog = "w"\nschema = "main"\n';
const MODELS = {
  "models/_defaults.toml": DEFAULTS,
  "models/a.sql": "SELECT id FROM raw.t",
  "models/a.toml": "",
  "models/e.sql": "SELECT id FROM a",
  "models/e.toml": '[strategy]\ntype = "ephemeral"\n',
  "models/b.sql": "SELECT COUNT(*) AS n FROM e",
  "models/b.toml": "",
  "models/c.sql": "SELECT n, now() AS at FROM b",
  "models/c.toml": "",
};
const FALLBACK = "[run]\nskip_unchanged = true\nskip_rowcount_fallback = true\n";

const decisions = async (project: TempProject, ...argv: readonly string[]): Promise<string> => {
  const { output } = await project.run(...argv);
  expect(output.status).toBe("Success");
  const skipped = (output.model_decisions ?? []).filter(({ decision }) => decision === "skip").length;
  expect(output.tables_skipped ?? 0).toBe(skipped);
  return (output.model_decisions ?? [])
    .map(({ model, decision }) => `${model} ${decision}`)
    .sort()
    .join(", ");
};

describe("--skip-unchanged", () => {
  it("leaves out what has the same SQL and the same inputs", async () => {
    using project = createTempProject({ "rocky.toml": transformationToml + FALLBACK, ...MODELS });
    await project.sql("CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT 1 AS id");
    const all = "a build, b build, c build, e build";
    expect(await decisions(project)).toBe(all);
    // Ephemeral models are not built, and what reads the clock is never the same.
    expect(await decisions(project)).toBe("a skip, b skip, c build, e build");
    await project.sql("INSERT INTO raw.t VALUES (2)");
    expect(await decisions(project)).toBe(all);
    expect(await project.sql("SELECT n FROM b")).toEqual([["2"]]);
    project.write({ "models/b.sql": "SELECT COUNT(*) + 0 AS n FROM e" });
    expect(await decisions(project)).toBe("a skip, b build, c build, e build");
    await project.sql("DROP TABLE a");
    expect(await decisions(project)).toBe(all);
    expect(await decisions(project, "--force-rebuild")).toBe("");
    // A run without the gate keeps no book, so nothing is known after it.
    expect(await decisions(project)).toBe(all);
    expect(await decisions(project, "--model", "a")).toBe("a skip");
  });

  it("builds when it is in doubt", async () => {
    using project = createTempProject({ "rocky.toml": transformationToml, ...MODELS });
    await project.sql("CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT 1 AS id");
    await decisions(project, "--skip-unchanged");
    const { output } = await project.run("--skip-unchanged");
    expect(output.model_decisions?.find(({ model }) => model === "a")).toEqual({
      model: "a",
      decision: "build",
      reason: "'raw.t' has no watermark to compare",
    });
    expect(output.materializations).toHaveLength(4);
    const refused = await project.invoke(["run", "--skip-unchanged", "--force-rebuild"]);
    expect(refused.exitCode).toBe(2);
  });

  it("goes by the watermarks of copied tables", async () => {
    using project = createTempProject({
      "rocky.toml": replicationToml('strategy = "incremental"\ntimestamp_column = "ts"'),
      "models/_defaults.toml": DEFAULTS,
      "models/m.sql": "SELECT id FROM copy_shop.orders",
      "models/m.toml": "",
    });
    await project.sql(
      "CREATE SCHEMA raw__shop",
      "CREATE TABLE raw__shop.orders AS SELECT 1 AS id, TIMESTAMP '2025-01-01' AS ts",
    );
    const run = () => decisions(project, "--all", "--skip-unchanged");
    expect(await run()).toBe("m build");
    expect(await run()).toBe("m skip");
    await project.sql("INSERT INTO raw__shop.orders VALUES (2, '2025-01-02')");
    expect(await run()).toBe("m build");
  });
});

describe("--defer-to", () => {
  it("reads models that are not built from another schema", async () => {
    using project = createTempProject({
      "rocky.toml": transformationToml,
      "models/_defaults.toml": DEFAULTS,
      "models/a.sql": "SELECT 1 AS id",
      "models/a.toml": "",
      "models/b.sql": "SELECT id FROM a",
      "models/b.toml": "",
    });
    await project.sql("CREATE SCHEMA prod", "CREATE TABLE prod.a AS SELECT 7 AS id");
    const { output } = await project.run("--model", "b", "--defer", "--defer-to", "prod");
    expect(output).toMatchObject({
      status: "Success",
      materializations: [{ asset_key: ["w", "main", "b"] }],
    });
    expect(await project.sql("SELECT id FROM main.b")).toEqual([[7]]);
    expect((await project.invoke(["run", "--defer-to", "prod"])).exitCode).toBe(2);
  });
});
