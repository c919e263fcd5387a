import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Rocky } from "../embed/rocky.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-run-hooks-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const ALL = [
  "on_pipeline_start",
  "on_compile_complete",
  "on_before_model_run",
  "on_after_model_run",
  "on_model_error",
  "on_state_synced",
  "on_before_checks",
  "on_pipeline_complete",
  "on_pipeline_error",
];

const project = (hooks: string, sql = "select 1 as id"): Rocky => {
  const files = {
    "rocky.toml": `[adapter]\ntype = "duckdb"\npath = "x.duckdb"\n[pipeline.t]\ntype = "transformation"\n[pipeline.t.target]\n${hooks}`,
    "models/_defaults.toml": '[target]\ncatalog = "x"\nschema = "main"\n',
    "models/m.sql": sql,
    "models/m.toml": 'intent = "one model"\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return new Rocky({ cwd, env: { PATH: process.env.PATH } });
};

const recording = ALL.map((event) => `[hook.${event}]\ncommand = "cat >> heard && echo >> heard"\n`).join("");

const heard = (): Record<string, unknown>[] =>
  readFileSync(join(cwd, "heard"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it("a run tells its hooks what happens, in order and with its id", async () => {
  const output = await project(recording).run();
  expect(output).toMatchObject({ status: "Success" });
  const events = heard();
  expect(events.map(({ event }) => event)).toEqual([
    "pipeline_start",
    "compile_complete",
    "before_model_run",
    "after_model_run",
    "state_synced",
    "pipeline_complete",
  ]);
  expect(new Set(events.map(({ run_id }) => run_id)).size).toBe(1);
  expect(events[2]).toMatchObject({ pipeline: "t", model: "m", table: "x.main.m" });
  expect(events[3]).toMatchObject({ metadata: { row_count: 1 } });
});

it("a failed run ends in the error event", async () => {
  await project(recording, "select * from nowhere").run();
  expect(heard().map(({ event }) => event)).toEqual([
    "pipeline_start",
    "compile_complete",
    "before_model_run",
    "model_error",
    "state_synced",
    "pipeline_error",
  ]);
});

it.each(["on_pipeline_start", "on_before_model_run"])(
  "%s can stop the run before it writes",
  async (event) => {
    const rocky = project(`[hook.${event}]\ncommand = "exit 1"\non_failure = "abort"\n`);
    const { exitCode } = await rocky.invoke(["run"]);
    expect(exitCode).toBe(1);
    const { output } = await rocky.call("history");
    expect(output).toMatchObject({ runs: [{ status: "Failure" }] });
  },
);

it("on_before_checks comes before each table's checks", async () => {
  const rocky = project(
    `[pipeline.q]\ntype = "quality"\ntables = [{ catalog = "x", schema = "main", table = "m" }]\n[pipeline.q.target]\n` +
      `[pipeline.q.checks]\nrow_count = true\n${recording}`,
  );
  await rocky.run({ pipeline: "t" });
  rmSync(join(cwd, "heard"));
  await rocky.run({ pipeline: "q" });
  expect(heard().map(({ event, table }) => [event, table])).toContainEqual(["before_checks", "x.main.m"]);
});
