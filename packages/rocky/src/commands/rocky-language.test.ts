import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rocky } from "../index.ts";

const PROJECT: Readonly<Record<string, string>> = {
  "rocky.toml": `[adapter]
type = "duckdb"
path = "x.duckdb"
[pipeline]
type = "transformation"
target = {}
`,
  "models/_defaults.toml": `[target]\ncatalog = "x"\nschema = "main"\n`,
  "models/orders.sql": "SELECT range AS id, range * 10 AS amount FROM range(5)\n",
  "models/large.rocky": `from orders
where amount >= 20
group id { total: sum(amount) }
sort total desc
take 2
`,
  "models/ids.sql": "SELECT id FROM large\n",
};

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-language-"));
  mkdirSync(join(cwd, "models"));
  for (const [path, text] of Object.entries(PROJECT)) writeFileSync(join(cwd, path), text);
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("a model in the Rocky language", () => {
  it("compiles between models in SQL, with lineage", async () => {
    const rocky = new Rocky({ cwd, env: {} });
    expect(await rocky.compile()).toMatchObject({ models: 3, execution_layers: 3, has_errors: false });
    expect(await rocky.lineage("large")).toMatchObject({
      upstream: ["orders"],
      downstream: ["ids"],
      columns: [{ name: "id" }, { name: "total" }],
    });
  });

  it("runs", async () => {
    const rocky = new Rocky({ cwd, env: {} });
    const result = await rocky.run();
    expect(result).toMatchObject({ status: "Success" });
    const profile = await rocky.emitSql({ model: "large" });
    expect(profile).toContain("LIMIT 2");
  });

  it("is listed in a plan after the models in SQL", async () => {
    const config = join(cwd, "with-source.toml");
    writeFileSync(
      config,
      `[adapter]
type = "duckdb"
[pipeline.landing]
strategy = "full_refresh"
[pipeline.landing.source.schema_pattern]
prefix = "raw__"
separator = "__"
components = ["source"]
[pipeline.landing.target]
catalog_template = "memory"
schema_template = "staging__{source}"
`,
    );
    const plan = await new Rocky({ cwd, env: {}, config }).plan({});
    expect(plan).toMatchObject({ models: ["ids", "orders", "large"] });
  });

  it("is blamed with line and column", async () => {
    writeFileSync(join(cwd, "models", "wrong.rocky"), "from orders\nwhere amount >> 3\n");
    await expect(new Rocky({ cwd, env: {} }).compile()).rejects.toMatchObject({
      where: { file: "models/wrong.rocky", line: 2, column: 15 },
    });
  });
});
