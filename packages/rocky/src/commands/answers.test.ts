import { expect, test } from "vitest";
import { createTempProject, transformationToml } from "../run/fixture.ts";

// What commands answer where the original's answer misleads its reader.

const project = () =>
  createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "m"\n',
    "models/base.sql": "SELECT 1 AS x",
    "models/base.toml": "",
    "models/reader.sql": "SELECT x FROM base",
    "models/reader.toml": "",
  });

test("compile lists the dependencies that the SQL shows", async () => {
  using there = project();
  expect((await there.invoke(["compile"])).payload).toMatchObject({
    models_detail: [{ name: "base" }, { name: "reader", depends_on: ["base"] }],
  });
});

test("the history of a model has plain statuses", async () => {
  using there = project();
  await there.run();
  expect((await there.invoke(["history", "--model", "reader"])).payload).toMatchObject({
    executions: [{ status: "success" }],
  });
});
