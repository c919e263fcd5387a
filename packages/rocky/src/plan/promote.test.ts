import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { invoke } from "../commands/invoke.ts";
import { publishedProblems } from "../output/published-schemas.ts";
import { schemaProblems } from "../output/schema-problems.ts";
import { outputSchemas } from "../output/schemas/index.ts";
import { createTempProject, replicationToml, type TempProject, transformationToml } from "../run/fixture.ts";
import { openState } from "../state/database.ts";
import { putWatermark } from "../state/watermarks.ts";

let project: TempProject;
const git = (...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args],
    {
      cwd: project.cwd,
      encoding: "utf8",
    },
  );
  expect([status, stderr]).toEqual([0, expect.any(String)]);
};
const rocky = async (...argv: readonly string[]) => {
  const { payload, ...rest } = await project.invoke(argv);
  return { payload: payload as Record<string, unknown>, ...rest };
};

beforeEach(async () => {
  project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/orders.sql": "SELECT 1 AS id, 10 AS amount",
    "models/seen.sql": "SELECT id FROM orders",
    "models/seen.toml": '[strategy]\ntype = "view"\n',
  });
  git("init", "-q", "-b", "main");
  git("add", "models");
  git("commit", "-q", "-m", "base");
  await project.run();
});
afterEach(() => project[Symbol.dispose]());

test("branches are named, shown, listed and forgotten", async () => {
  const created = await rocky("branch", "create", "fix", "--description", "try it");
  expect(created.payload).toMatchObject({ branch: { name: "fix", schema_prefix: "branch__fix" } });
  expect(publishedProblems("branch", created.payload)).toEqual([]);
  expect((await rocky("branch", "create", "fix")).stderr).toContain("exists already");
  expect((await rocky("branch", "show", "fix")).payload).toMatchObject({ branch: { description: "try it" } });
  expect((await rocky("branch", "show", "fux")).stderr).toContain("did you mean 'fix'");
  expect((await rocky("branch", "list")).payload).toMatchObject({ total: 1 });
  expect((await rocky("branch", "create", "../up")).exitCode).not.toBe(0);
  expect((await rocky("branch", "delete", "fix")).payload).toMatchObject({ removed: true });
  expect((await rocky("branch", "list")).payload).toMatchObject({ total: 0, branches: [] });
});

test("a branch that readers do not mind is promoted by a plan", async () => {
  project.write({ "models/orders.sql": "SELECT 1 AS id, 11 AS amount, 'x' AS note" });
  await project.run("--branch", "fix");
  expect(await project.sql("SELECT amount FROM main.orders")).toEqual([[10]]);
  const planned = await rocky("plan", "promote", "fix");
  expect(planned.payload).toMatchObject({
    plan_kind: "promote",
    targets: [{ source: "w.branch__fix.orders", target: "w.main.orders", strategy: "full_refresh" }],
    breaking_changes: [{ change: { kind: "column_added", column: "note" }, severity: "info" }],
  });
  expect(schemaProblems(outputSchemas.plan_promote.json, planned.payload)).toEqual([]);
  expect((await rocky("plan", "promote", "fix")).payload.plan_id).toBe(planned.payload.plan_id);
  const applied = await rocky("apply", String(planned.payload.plan_id));
  expect(applied).toMatchObject({ exitCode: 0, payload: { success: true, branch: "fix" } });
  expect(schemaProblems(outputSchemas.branch_promote.json, applied.payload)).toEqual([]);
  expect(await project.sql("SELECT amount, note FROM main.orders")).toEqual([[11, "x"]]);
});

test("a plan to promote is refused when the branch has changed since", async () => {
  await project.run("--branch", "fix");
  const planned = await rocky("plan", "promote", "fix");
  await project.sql("INSERT INTO branch__fix.orders VALUES (2, 20)");
  const applied = await rocky("apply", String(planned.payload.plan_id));
  expect([applied.exitCode, applied.error?.code]).toEqual([1, "plan_stale"]);
  expect(await project.sql("SELECT count(*)::INTEGER FROM main.orders")).toEqual([[1]]);
});

test("a branch that breaks readers is not promoted unless that is wanted", async () => {
  project.write({ "models/orders.sql": "SELECT 1 AS id" });
  await project.run("--branch", "fix");
  const refused = await rocky("branch", "promote", "fix");
  expect(refused).toMatchObject({
    exitCode: 1,
    payload: {
      success: false,
      targets: [],
      breaking_changes: [{ change: { kind: "column_dropped", column: "amount" } }],
      audit: [{ kind: "breaking_changes_blocked", breaking_changes: [{ severity: "breaking" }] }],
    },
  });
  expect(refused.stderr).toContain("column dropped: orders.amount");
  expect(publishedProblems("branch_promote", refused.payload)).toEqual([]);
  expect((await rocky("plan", "promote", "fix")).stderr).toContain("column dropped: orders.amount");
  expect(await project.sql("SELECT amount FROM main.orders")).toEqual([[10]]);
  const allowed = await rocky("branch", "promote", "fix", "--allow-breaking");
  expect(allowed).toMatchObject({
    exitCode: 0,
    payload: {
      audit: [
        { kind: "breaking_changes_allowed" },
        { kind: "promote_started" },
        { kind: "promote_completed" },
      ],
    },
  });
  expect(await project.sql("SELECT * FROM main.orders")).toEqual([[1]]);
});

test("readers are protected wherever the pipeline keeps its models", async () => {
  const elsewhere = transformationToml.replace('"transformation"', '"transformation"\nmodels = "sql/**"');
  project.write({
    "rocky.toml": elsewhere,
    "sql/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "sql/orders.sql": "SELECT 1 AS id, 10 AS amount",
  });
  git("add", "sql");
  git("commit", "-q", "-m", "moved");
  project.write({ "sql/orders.sql": "SELECT 1 AS id" });
  await project.run("--branch", "fix");
  expect((await rocky("branch", "promote", "fix")).stderr).toContain("column dropped: orders.amount");
});

test("readers are protected from wherever the command is given", async () => {
  project.write({ "models/orders.sql": "SELECT 1 AS id", "deep/er/x": "" });
  const elsewhere = mkdtempSync(join(tmpdir(), "rocky-elsewhere-"));
  try {
    for (const [cwd, config] of [
      [join(project.cwd, "deep/er"), "../../rocky.toml"],
      [join(project.cwd, "deep"), join(project.cwd, "rocky.toml")],
      [elsewhere, join(project.cwd, "rocky.toml")],
    ] as const) {
      const rocky = (...argv: readonly string[]) => invoke(["-c", config, ...argv], { cwd, env: {} });
      await rocky("run", "--branch", "fix");
      const refused = await rocky("branch", "promote", "fix");
      expect(refused.payload ?? refused.stderr).toMatchObject({
        audit: [{ kind: "breaking_changes_blocked" }],
      });
    }
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test("a copied table goes on where the branch's copy ended", async () => {
  project.write({ "rocky.toml": replicationToml('strategy = "incremental"\ntimestamp_column = "seen_at"') });
  const rows = () => project.sql("SELECT id FROM copy_a.t ORDER BY id");
  const add = (id: number) => project.sql(`INSERT INTO raw__a.t VALUES (${id}, '2025-01-0${id}')`);
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t (id INTEGER, seen_at TIMESTAMP)");
  await add(1);
  await project.run();
  await add(2);
  await project.run("--branch", "newer");
  await project.run("--branch", "older");
  expect(await rocky("branch", "promote", "newer")).toMatchObject({ exitCode: 0 });
  await project.run();
  expect(await rows()).toEqual([[1], [2]]);
  await add(3);
  await project.run();
  expect(await rocky("branch", "promote", "older")).toMatchObject({ exitCode: 0 });
  expect(await rows()).toEqual([[1], [2]]);
  await project.run();
  expect(await rows()).toEqual([[1], [2], [3]]);
});

test("a promotion that was killed before it could say how far its tables are doubles nothing", async () => {
  project.write({ "rocky.toml": replicationToml('strategy = "incremental"\ntimestamp_column = "seen_at"') });
  await project.sql(
    "CREATE SCHEMA raw__a",
    "CREATE TABLE raw__a.t AS SELECT 1 AS id, TIMESTAMP '2025-01-01' AS seen_at",
  );
  await project.run();
  await project.sql("INSERT INTO raw__a.t VALUES (2, '2025-01-02')");
  await project.run("--branch", "fix");
  const path = join(project.cwd, "models", ".rocky-state.redb");
  const open = () => openState({ path, mode: "write", waitMs: 1000 });
  await rocky("branch", "promote", "fix");
  {
    // What the store holds when the process ends between the tables and the watermarks.
    using state = await open();
    await state.write((transaction) => {
      putWatermark(transaction, "w.copy_a.t", "2025-01-01T00:00:00Z");
      transaction.run("UPDATE run_progress SET status = 'running' WHERE run_id = 'promotion'");
    });
  }
  await project.run();
  expect(await project.sql("SELECT id FROM copy_a.t ORDER BY id")).toEqual([[1], [2]]);
});

test("what was promoted is not taken for what was built", async () => {
  await project.run("--skip-unchanged");
  project.write({ "models/orders.sql": "SELECT 1 AS id, 11 AS amount" });
  await project.run("--branch", "fix");
  await rocky("branch", "promote", "fix");
  expect(await project.sql("SELECT amount FROM main.orders")).toEqual([[11]]);
  project.write({ "models/orders.sql": "SELECT 1 AS id, 10 AS amount" });
  await project.run("--skip-unchanged");
  expect(await project.sql("SELECT amount FROM main.orders")).toEqual([[10]]);
});

test("a branch's table that several tables could be replaced by is not promoted blindly", async () => {
  project.write({ "rocky.toml": replicationToml('strategy = "full_refresh"') });
  for (const source of ["a", "b"])
    await project.sql(
      `CREATE SCHEMA raw__${source}`,
      `CREATE TABLE raw__${source}.t AS SELECT '${source}' AS x`,
    );
  await project.run();
  await project.run("--branch", "fix", "--filter", "source=a");
  const blind = await rocky("branch", "promote", "fix");
  expect([blind.exitCode, blind.stderr]).toEqual([2, expect.stringContaining("--filter")]);
  expect(await project.sql("SELECT x FROM copy_b.t")).toEqual([["b"]]);
  expect(await rocky("branch", "promote", "fix", "--filter", "source=a")).toMatchObject({
    exitCode: 0,
    payload: { targets: [{ target: "w.copy_a.t" }] },
  });
});

test("without a git reference to compare with, the plan says so; an empty branch is no branch", async () => {
  await project.run("--branch", "fix");
  const planned = await rocky("plan", "promote", "fix", "--base", "nowhere");
  expect(planned.payload).toMatchObject({
    plan_audit: [{ kind: "breaking_changes_gate_skipped" }, { kind: "promote_plan_created" }],
  });
  expect((await rocky("plan", "promote", "other")).stderr).toContain("rocky run --branch other");
});

test("a project that asks for approvals is told that none can be given", async () => {
  await project.run("--branch", "fix");
  const before = await rocky("plan", "promote", "fix");
  project.write({ "rocky.toml": `${transformationToml}\n[branch.approval]\nrequired = true\n` });
  const unasked = await rocky("apply", String(before.payload.plan_id));
  expect(unasked.stderr).toContain("key branch.approval.required");
  const skipped = await rocky("plan", "promote", "fix", "--skip-approval");
  expect(publishedProblems("plan_promote", skipped.payload)).toEqual([]);
  expect(await rocky("apply", String(skipped.payload.plan_id))).toMatchObject({ exitCode: 0 });
  expect((await rocky("branch", "promote", "fix")).stderr).toContain("key branch.approval.required");
  expect((await rocky("branch", "promote", "fix", "--skip-approval")).payload).toMatchObject({
    success: true,
    audit: [{ kind: "approval_skipped" }, {}, {}],
  });
});

test("a plan tells on request what readers would notice, and plans all the same", async () => {
  project.write({ "models/orders.sql": "SELECT 1 AS id" });
  const planned = await rocky("plan", "--model", "orders", "--semantic");
  expect(planned).toMatchObject({
    exitCode: 0,
    payload: {
      breaking_verdict: {
        base_ref: "main",
        findings: [
          { change: { kind: "column_dropped", model: "orders", column: "amount" }, severity: "breaking" },
        ],
      },
    },
  });
  expect(publishedProblems("plan", planned.payload)).toEqual([]);
});

test("a plan minds what the configuration says, not its comments; the id tells no time", async () => {
  project.write({ "rocky.toml": replicationToml('strategy = "full_refresh"') });
  await project.sql("CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT 1 AS x");
  const { payload } = await rocky("plan", "--models", "nowhere");
  project.write({ "rocky.toml": `# said twice\n${replicationToml('strategy = "full_refresh"')}` });
  expect((await rocky("plan", "--models", "nowhere")).payload.plan_id).toBe(payload.plan_id);
  project.write({ "rocky.toml": replicationToml('strategy = "incremental"\ntimestamp_column = "x"') });
  expect((await rocky("apply", String(payload.plan_id))).stderr).toContain("rocky.toml has changed");
});
