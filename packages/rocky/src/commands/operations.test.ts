import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { invoke } from "./invoke.ts";
import { schemaProblems } from "../output/schema-problems.ts";
import { outputSchemas } from "../output/schemas/index.ts";
import { openState } from "../state/database.ts";
import { createTempProject, replicationToml, type TempProject, transformationToml } from "../run/fixture.ts";

let project: TempProject;
beforeEach(() => {
  project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/people.sql":
      "SELECT range AS id, CASE WHEN range > 1 THEN 'x' || range END AS name FROM range(4)",
    "models/people.toml": '[classification]\nname = "pii"\n',
    "models/names.sql": "SELECT name FROM people",
  });
});
afterEach(() => project[Symbol.dispose]());

describe("profile", () => {
  it("counts rows, NULLs and values; of classified columns it tells no value", async () => {
    await project.run();
    const { payload } = await project.invoke(["profile", "people"]);
    expect(schemaProblems(outputSchemas.profile.json, payload)).toEqual([]);
    expect(payload).toMatchObject({
      profiled_table: "w.main.people",
      columns: [
        { name: "id", type: "INT64", rows: 4, nulls: 0, distinct: 4, min: "0", max: "3" },
        { name: "name", rows: 4, nulls: 2, null_rate: 0.5, distinct: 2, min: null, observed_values: [] },
      ],
    });
  });

  it("takes a classified column for one however its name is written", async () => {
    project.write({ "models/people.toml": 'adapter = "elsewhere"\n[classification]\nNAME = "pii"\n' });
    await project.run();
    expect((await project.invoke(["profile", "people", "--column", "name"])).payload).toMatchObject({
      columns: [{ name: "name", min: null, max: null, observed_values: [] }],
    });
  });

  it("says when there is nothing to look at", async () => {
    await project.sql("SELECT 1");
    expect((await project.invoke(["profile", "people"])).payload).toMatchObject({
      columns: [],
      unavailable: expect.stringContaining("rocky run --model people"),
    });
    expect((await project.invoke(["profile", "peeple"])).stderr).toContain("did you mean 'people'");
    await project.run();
    expect((await project.invoke(["profile", "people", "--column", "nam"])).stderr).toContain(
      "did you mean 'name'",
    );
  });
});

describe("estimate", () => {
  it("asks for the plan of each model and builds nothing", async () => {
    const first = await project.invoke(["estimate"]);
    expect(schemaProblems(outputSchemas.estimate.json, first.payload)).toEqual([]);
    expect(first.payload).toMatchObject({ total_models: 1, estimates: [{ model_name: "people" }] });
    await project.run("--model", "people");
    const { payload } = await project.invoke(["estimate", "--model", "names"]);
    expect(payload).toMatchObject({ estimates: [{ model_name: "names", estimated_rows: 4 }] });
    expect(await project.sql("SELECT table_name FROM information_schema.tables")).toEqual([["people"]]);
  });

  it("says that nothing is run for an ephemeral model, which is not the same as not being there", async () => {
    project.write({ "models/people.toml": '[strategy]\ntype = "ephemeral"\n' });
    expect((await project.invoke(["estimate", "--model", "people"])).payload).toMatchObject({
      estimates: [],
      message: expect.stringContaining("ephemeral"),
    });
    expect((await project.invoke(["estimate", "--model", "peeple"])).stderr).toContain("'people'");
  });
});

describe("history", () => {
  it("finds executions by the hash of their SQL", async () => {
    const { output } = await project.run();
    const hash = output.materializations[0]?.metadata.sql_hash ?? "";
    expect((await project.invoke(["history"])).payload).toMatchObject({
      runs: [
        {
          models: [{ model_name: "people", recipe_identity: { recipe_hash: hash } }, { model_name: "names" }],
        },
      ],
    });
    const found = async (...flags: readonly string[]) =>
      (await project.invoke(["history", "--recipe", hash, ...flags])).payload;
    const payload = await found();
    expect(schemaProblems(outputSchemas.recipe_history.json, payload)).toEqual([]);
    expect(payload).toMatchObject({ recipe_hash: hash, count: 1, executions: [{ model_name: "people" }] });
    expect(await found("--model", "people", "--since", "2000-01-01")).toMatchObject({ count: 1 });
    expect(await found("--model", "names")).toMatchObject({ count: 0 });
    expect(await found("--since", "2999-01-01")).toMatchObject({ count: 0 });
  });

  it("begins at a time of any zone, and refuses what is no time", async () => {
    await project.run();
    using state = await openState({
      path: join(project.cwd, "models/.rocky-state.redb"),
      mode: "write",
      waitMs: 1_000,
    });
    await state.write(({ run }) => run("UPDATE runs SET started_at = '2025-03-01T10:00:00.000Z'"));
    const count = async (since: string) =>
      (await project.invoke(["history", "--since", since])).payload as { readonly count: number } | undefined;
    expect(await count("2025-03-01")).toMatchObject({ count: 1 });
    expect(await count("2025-03-01 10:00")).toMatchObject({ count: 1 });
    expect(await count("2025-03-01T11:30:00+02:00")).toMatchObject({ count: 1 });
    expect(await count("2025-03-01T10:30:00Z")).toMatchObject({ count: 0 });
    for (const wrong of ["2025-13-01", "2025-03-01T99:00", "yesterday", "2025-03-01T"])
      expect((await project.invoke(["history", "--since", wrong])).stderr).toContain(`'${wrong}' is no date`);
  });
});

describe("state schedule", () => {
  it("lists what webhooks asked for, and what cannot be read", async () => {
    const empty = await project.invoke(["state", "schedule", "spool"]);
    expect(empty.payload).toMatchObject({ pending: [], counts: { pending: 0, skipped: 0, corrupt: 0 } });
    const folder = join(project.cwd, ".rocky", "pending-demands");
    mkdirSync(folder, { recursive: true });
    const demand = (uid: string, receivedAt: string) =>
      JSON.stringify({
        demand_uid: uid,
        pipeline: "p",
        kind: "id",
        token: "t",
        body_hash: "h",
        received_at: receivedAt,
      });
    writeFileSync(join(folder, "a.json"), demand("late", "2026-01-02T00:00:00Z"));
    writeFileSync(join(folder, "b.json"), demand("early", "2026-01-01T00:00:00Z"));
    writeFileSync(join(folder, "c.json"), demand("odd", "yesterday"));
    writeFileSync(join(folder, "d.json"), "{");
    writeFileSync(join(folder, "e.json.corrupt"), "");
    const { payload } = await project.invoke(["state", "schedule", "spool"]);
    expect(schemaProblems(outputSchemas.state_schedule_spool.json, payload)).toEqual([]);
    expect(payload).toMatchObject({
      pending: [{ demand_uid: "early" }, { demand_uid: "late" }],
      skipped: [
        { file: "c.json", reason: "bad_timestamp" },
        { file: "d.json", reason: "malformed" },
      ],
      counts: { pending: 2, skipped: 2, corrupt: 1 },
    });
  });

  it("does not pretend to hold what it does not run", async () => {
    const { exitCode, stderr } = await project.invoke(["state", "schedule", "pause", "p"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("pause the schedule where it lives")]);
  });
});

describe("run --watch", () => {
  it("runs again when a model changes, with the configuration as it is then, until interrupted", async () => {
    const stop = new AbortController();
    const runs = (): number => project.events.filter(({ fields }) => fields?.event === "watch_run").length;
    const until = async (count: number): Promise<void> => {
      while (runs() < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const watching = project.invoke(["run", "--watch"], stop.signal);
    await until(1);
    project.write({ "models/names.sql": "SELECT name AS called FROM people" });
    await until(2);
    project.write({ "rocky.toml": transformationToml.replace("transformation", "transformatoin") });
    await until(3);
    expect(project.events.findLast(({ fields }) => fields?.event === "watch_run")).toMatchObject({
      level: "error",
    });
    project.write({ "rocky.toml": transformationToml });
    await until(4);
    stop.abort();
    expect((await watching).payload).toMatchObject({ status: "Success" });
    expect(await project.sql("SELECT count(called)::INTEGER FROM main.names")).toEqual([[2]]);
  });

  it("watches the folders that the configuration names", async () => {
    const stop = new AbortController();
    project.write({
      "rocky.toml": transformationToml.replace(
        "[pipeline.t.target]",
        'models = "marts/**"\n[pipeline.t.target]',
      ),
      "marts/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
      "marts/one.sql": "SELECT 1 AS x",
    });
    const changed: unknown[] = [];
    await invoke(["run", "--watch"], {
      cwd: project.cwd,
      env: {},
      signal: stop.signal,
      onEvent: ({ fields }) => {
        if (fields?.event === "watch_run" && changed.length === 0)
          project.write({ "marts/one.sql": "SELECT 2 AS x" });
        if (fields?.event === "watch_change") changed.push(fields.file);
        if (changed.length > 0) stop.abort();
      },
    });
    expect(changed).toEqual(["one.sql"]);
  });

  it("runs again for what is saved while a run works, and not for what a run writes", async () => {
    const stop = new AbortController();
    const seen: (string | undefined)[] = [];
    const { exitCode } = await invoke(["run", "--watch"], {
      cwd: project.cwd,
      env: {},
      signal: stop.signal,
      onEvent: ({ fields }) => {
        if (fields?.event === "run_started" && !seen.includes("watch_run"))
          project.write({ "models/late.sql": "SELECT 1 AS x", "models/late.db": "" });
        if (fields?.event === "watch_run" || fields?.event === "watch_change")
          seen.push(String(fields.file ?? fields.event));
        if (seen.length === 3) stop.abort();
      },
    });
    expect([exitCode, seen]).toEqual([0, ["watch_run", "late.sql", "watch_run"]]);
    expect(await project.sql("SELECT x FROM main.late")).toEqual([[1]]);
  });
});

describe("discover", () => {
  it("has no Fivetran state where nothing is read from Fivetran", async () => {
    project.write({ "rocky.toml": replicationToml("") });
    const { exitCode, stderr } = await project.invoke(["discover", "--emit-fivetran-state-to", "x.json"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("(duckdb), which has no Fivetran state")]);
  });
});
