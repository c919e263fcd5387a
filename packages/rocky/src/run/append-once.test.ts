import { existsSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { beginAppend, finishAppend } from "../state/appends.ts";
import { openState } from "../state/database.ts";
import { createTempProject, type TempProject, transformationToml } from "./fixture.ts";

const models = {
  "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "mart"\n',
  "models/log.sql": "SELECT id FROM w.main.src",
  "models/log.toml": '[strategy]\ntype = "incremental"\ntimestamp_column = "id"\n',
};
const count = "SELECT COUNT(*) FROM mart.log";

const stateFile = ({ cwd }: TempProject): string =>
  [join(cwd, "models/.rocky-state.redb"), join(cwd, ".rocky-state.redb")].find((path) => existsSync(path)) ??
  "";

/** What a process that was killed leaves behind: an append that nobody has ended, owned by nobody who lives. */
const leaveBehind = async (
  project: TempProject,
  append: { readonly target: string; readonly file: string; readonly stamp: string },
  rowsBefore: number,
  rows?: number,
): Promise<void> => {
  using state = await openState({ path: stateFile(project), mode: "write", waitMs: 1000 });
  await beginAppend(state, "run-x", append, rowsBefore);
  if (rows !== undefined) await finishAppend(state, "run-x", append, rows);
  await state.write((transaction) =>
    transaction.run("UPDATE appends SET owner = ?", `${hostname()} 999999999 gone`),
  );
};

test("a model's rows are not appended again after a kill, and are after a run that ended", async () => {
  using project = createTempProject({ "rocky.toml": transformationToml, ...models });
  await project.sql("CREATE TABLE src AS SELECT range AS id FROM range(3)");
  const stamp = (await project.run()).output.materializations[0]?.metadata.sql_hash ?? "";
  const target = "w.mart.log";
  await project.sql("INSERT INTO mart.log SELECT id FROM src");
  await leaveBehind(project, { target, file: "", stamp }, 3);
  expect((await project.run()).exitCode).toBe(0);
  expect(await project.sql(count)).toEqual([["6"]]);
  expect(project.events.map(({ fields }) => fields?.event)).toContain("append_recovered");
  await project.run();
  expect(await project.sql(count)).toEqual([["9"]]);
  // Killed before anything was committed: the rows still have to come.
  await leaveBehind(project, { target, file: "", stamp }, 9);
  await project.run();
  expect(await project.sql(count)).toEqual([["12"]]);
  // Another query's rows are others.
  await leaveBehind(project, { target, file: "", stamp: "another" }, 9);
  await project.run();
  expect(await project.sql(count)).toEqual([["15"]]);
});

test("rows that somebody has deleted since are appended again", async () => {
  using project = createTempProject({ "rocky.toml": transformationToml, ...models });
  await project.sql("CREATE TABLE src AS SELECT range AS id FROM range(3)");
  const stamp = (await project.run()).output.materializations[0]?.metadata.sql_hash ?? "";
  await leaveBehind(project, { target: "w.mart.log", file: "", stamp }, 0, 3);
  await project.sql("DELETE FROM mart.log");
  await project.run();
  expect(await project.sql(count)).toEqual([["3"]]);
});

test("files that a killed load has brought are not loaded again, the others are", async () => {
  using project = createTempProject({
    "rocky.toml": `
[adapter]
type = "duckdb"
path = "w.duckdb"
[pipeline.l]
type = "load"
source_dir = "data"
target = { catalog = "w", schema = "main", table = "t" }
`,
    "data/a.csv": "id\n1\n",
    "data/b.csv": "id\n2\n",
  });
  await project.invoke(["load"]);
  await project.sql("INSERT INTO t VALUES (1)");
  const { size, mtimeMs } = statSync(join(project.cwd, "data/a.csv"));
  const file = join(project.cwd, "data/a.csv");
  await leaveBehind(project, { target: "w.main.t", file, stamp: `${size} ${mtimeMs}` }, 2, 1);
  expect((await project.invoke(["load"])).payload).toMatchObject({ files_loaded: 2, total_rows: 2 });
  expect(await project.sql("SELECT id FROM t ORDER BY id")).toEqual([["1"], ["1"], ["2"], ["2"]]);
  await project.invoke(["load"]);
  expect(await project.sql("SELECT COUNT(*) FROM t")).toEqual([["6"]]);
});
