import { expect, test } from "vitest";
import { createTempProject, transformationToml } from "./fixture.ts";

const catalog = (...columns: readonly string[]): string =>
  JSON.stringify({
    version: "1.71.0",
    assets: [
      {
        fqn: "w.main.source",
        kind: "Model",
        columns: columns.map((name) => ({ name, data_type: "INT32", nullable: true })),
      },
    ],
  });

test("a model that reads what its import has dropped is not built, the others are", async () => {
  using project = createTempProject({
    "rocky.toml": `${transformationToml}
[imports.shop]
path = "vendor"
snapshot = "now.json"
baseline = "before.json"
`,
    "vendor/before.json": catalog("id", "gone"),
    "vendor/now.json": catalog("id"),
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/reads.sql": "SELECT gone FROM w.main.source",
    "models/others.sql": "SELECT id FROM w.main.source",
  });
  // The table here still has the column; the contract with its owner says that it goes.
  await project.sql("CREATE TABLE source AS SELECT 1 AS id, 2 AS gone");
  const { output, exitCode } = await project.run();
  expect([exitCode, output.status]).toEqual([2, "PartialFailure"]);
  expect(output.errors).toMatchObject([
    { error: expect.stringContaining("gone"), failure_kind: "compile-error" },
  ]);
  expect(output.materializations.map(({ asset_key: key }) => key)).toEqual([["w", "main", "others"]]);
});
