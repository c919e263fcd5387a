import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadContext, plainScope } from "../../test-support/load-context.ts";
import { createRecordedEngine, type RecordedAnswer } from "../../test-support/recorded-engine.ts";
import { RockyComponent } from "../rocky-component.ts";
import type { RockyCodeOptions } from "../options.ts";

const DISCOVER = {
  when: ["discover"],
  json: {
    version: "1.71.0",
    command: "discover",
    sources: [
      {
        id: "s1",
        components: { region: "nl" },
        source_type: "duckdb",
        tables: [{ name: "orders", unknown_to_the_slot: 1 }],
      },
    ],
  },
};
const compile = (...models: readonly string[]): RecordedAnswer => ({
  when: ["compile"],
  json: {
    version: "1.71.0",
    command: "compile",
    models: models.length,
    execution_layers: 1,
    diagnostics: [],
    has_errors: false,
    models_detail: models.map((name) => ({
      name,
      strategy: { type: "view" },
      target: { catalog: "c", schema: "s", table: name },
    })),
  },
});
const OPTIMIZE = {
  when: ["optimize"],
  json: { version: "1.71.0", command: "optimize", recommendations: [], total_models_analyzed: 0 },
};
const DAG = {
  when: ["dag"],
  json: {
    version: "1.71.0",
    command: "dag",
    nodes: [{ id: "transformation:a", kind: "transformation", label: "a" }],
    edges: [],
    execution_layers: [["transformation:a"]],
    summary: {},
    column_lineage: [
      { source: { model: "a", column: "x" }, target: { model: "b", column: "y" }, transform: "direct" },
    ],
  },
};
const failing = (command: string): RecordedAnswer => ({
  when: [command],
  stderr: `Error: ${command} went wrong`,
  exitCode: 1,
});

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "rocky-state-"));
  mkdirSync(join(project, "models"));
  writeFileSync(join(project, "rocky.toml"), '[pipeline.landing]\nstrategy = "full_refresh"\n');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const statePath = () => join(project, "state");
const stateOnDisk = () => JSON.parse(readFileSync(statePath(), "utf8"));

async function refresh(
  answers: readonly RecordedAnswer[],
  attributes: Record<string, unknown> = {},
  code: RockyCodeOptions = {},
) {
  const engine = createRecordedEngine(answers);
  const context = loadContext(project, { PATH: process.env.PATH });
  const component = RockyComponent.extend(code).create(
    { binary_path: engine.path, ...attributes },
    plainScope,
  );
  let problems: readonly string[] = [];
  const error = await component.writeStateToPath(statePath(), context).then(
    (report) => {
      problems = report.problems;
      return undefined;
    },
    (thrown: unknown) => thrown as Error,
  );
  const calls = engine.calls().map((argv) => argv.join(" "));
  engine.dispose();
  return { calls, error, problems, lines: context.lines };
}

describe("the slots", () => {
  test("are filled up with defaults in the order in which Python writes them", async () => {
    await refresh([DISCOVER, compile("a"), OPTIMIZE]);
    const state = stateOnDisk();
    expect(Object.keys(state)).toEqual(["discover", "compile", "optimize", "dag_status"]);
    expect(Object.keys(state.discover)).toEqual([
      "version",
      "command",
      "sources",
      "checks",
      "excluded_tables",
      "failed_sources",
      "collision_candidates",
      "new_sources",
      "schemas_cached",
      "sync_trigger",
    ]);
    expect(state.discover.sources[0]).toEqual({
      id: "s1",
      components: { region: "nl" },
      source_type: "duckdb",
      last_sync_at: null,
      tables: [{ name: "orders", row_count: null }],
      metadata: {},
    });
    expect(state.compile.models_detail[0]).toMatchObject({ depends_on: [], freshness: null, tags: null });
    expect(state.optimize).toMatchObject({ message: null, run_scope: null });
    expect(state.dag_status).toBe("disabled");
  });

  test("of others survive a refresh", async () => {
    writeFileSync(statePath(), JSON.stringify({ discover: {}, written_by_a_colleague: [1] }));
    await refresh([DISCOVER, compile(), OPTIMIZE]);
    expect(stateOnDisk().written_by_a_colleague).toEqual([1]);
  });

  test("need models for compile and optimize", async () => {
    rmSync(join(project, "models"), { recursive: true });
    const { calls } = await refresh([DISCOVER]);
    expect(calls).toEqual(["discover"]);
    expect(Object.keys(stateOnDisk())).toEqual(["discover", "dag_status"]);
  });

  test("of the graph are asked for in dag_mode only", async () => {
    const { calls } = await refresh([DISCOVER, DAG], {
      dag_mode: true,
      models_dir: "none",
      surface_optimize_metadata: false,
      contracts_dir: "contracts",
    });
    expect(calls.sort()).toEqual(["dag --contracts contracts --column-lineage", "discover"]);
    expect(stateOnDisk()).toMatchObject({ dag_status: "success", dag: { nodes: [{ pipeline: null }] } });
  });
});

describe("a call that fails", () => {
  test("leaves what an earlier refresh wrote, and is noted", async () => {
    await refresh([DISCOVER, compile("a"), OPTIMIZE]);
    const { error, lines } = await refresh([failing("discover"), compile("a", "b"), failing("optimize")]);
    expect(error).toBeUndefined();
    const state = stateOnDisk();
    expect(state.discover.sources[0].id).toBe("s1");
    expect(state.compile.models_detail).toHaveLength(2);
    expect(state.refresh_failures).toMatchObject([
      { call: "discover", kept_previous: true, reason: expect.stringContaining("discover went wrong") },
      { call: "optimize", kept_previous: true },
    ]);
    expect(lines).toContain("Refresh: 1 added: model b");
  });

  test("is reported when the refresh learned nothing without it", async () => {
    expect((await refresh([DISCOVER, compile("a"), failing("optimize")])).problems).toEqual([]);
    const { problems } = await refresh([failing("discover"), compile("a"), OPTIMIZE]);
    expect(problems).toEqual([expect.stringContaining("discover went wrong")]);
    const dag = await refresh([DISCOVER, compile("a"), failing("dag")], { dag_mode: true });
    expect(dag.problems).toEqual([expect.stringContaining("dag went wrong")]);
  });

  test("is forgotten once it works again", async () => {
    await refresh([failing("discover"), compile(), OPTIMIZE]);
    expect(stateOnDisk()).toMatchObject({
      discover: { version: "0.0.0", sources: [] },
      refresh_failures: [{ call: "discover", kept_previous: false }],
    });
    await refresh([DISCOVER, compile(), OPTIMIZE]);
    expect(stateOnDisk().refresh_failures).toBeUndefined();
  });

  test("with strict_build fails the refresh and leaves the file", async () => {
    await refresh([DISCOVER, compile(), OPTIMIZE]);
    const before = readFileSync(statePath(), "utf8");
    const { error } = await refresh([failing("discover"), compile("x"), OPTIMIZE], { strict_build: true });
    expect(error?.message).toContain("discover went wrong");
    expect(readFileSync(statePath(), "utf8")).toBe(before);
  });

  test("keeps the last graph and says why", async () => {
    await refresh([DISCOVER, DAG, compile(), OPTIMIZE], { dag_mode: true });
    await refresh([DISCOVER, failing("dag"), compile(), OPTIMIZE], { dag_mode: true });
    expect(stateOnDisk()).toMatchObject({
      dag: { nodes: [{ id: "transformation:a" }] },
      dag_status: "failed",
      dag_error: { message: expect.stringContaining("dag went wrong") },
    });
  });

  test("because its output is not what we read fails the refresh: nothing is silently lost", async () => {
    const wrong = { when: ["compile"], json: { version: "9", command: "compile", models_detail: "many" } };
    const { error } = await refresh([DISCOVER, wrong, OPTIMIZE]);
    expect(error).toMatchObject({ code: "SCHEMA_MISMATCH", message: expect.stringContaining("has_errors") });
    expect(existsSync(statePath())).toBe(false);
  });

  test("does not stop a refresh over a corrupt file", async () => {
    writeFileSync(statePath(), "{ half");
    await refresh([DISCOVER, compile(), OPTIMIZE]);
    expect(stateOnDisk().discover.sources).toHaveLength(1);
  });
});

describe("several pipelines", () => {
  const twoPipelines = `[pipeline.a]\n[pipeline.b]\n[pipeline.c]\ntype = "transformation"\nmodels = "\${DIR:-models}"\n`;

  test("are discovered one by one", async () => {
    writeFileSync(join(project, "rocky.toml"), twoPipelines);
    const { calls } = await refresh([DISCOVER, compile(), OPTIMIZE]);
    expect(calls.filter((call) => call.startsWith("discover")).sort()).toEqual([
      "discover --pipeline a",
      "discover --pipeline b",
    ]);
    expect(stateOnDisk().discover.sources.map((source: { pipeline: string }) => source.pipeline)).toEqual([
      "a",
      "b",
    ]);
  });

  test("are part of the graph in dag_mode", async () => {
    writeFileSync(join(project, "rocky.toml"), twoPipelines);
    const { calls } = await refresh([DAG], { dag_mode: true, models_dir: "none" });
    expect(calls).toEqual(["dag --column-lineage"]);
    expect(stateOnDisk()).toMatchObject({ discover: { sources: [] }, dag_status: "success" });
  });

  test("a project without replication has nothing to discover, which is no failure", async () => {
    writeFileSync(join(project, "rocky.toml"), '[pipeline.marts]\ntype = "transformation"\n');
    const { calls } = await refresh([compile(), OPTIMIZE]);
    expect(calls.sort()).toEqual(["compile --models models", "optimize --models models"]);
    expect(stateOnDisk().refresh_failures).toBeUndefined();
  });
});

describe("column lineage", () => {
  const surface = { surface_column_lineage: true, surface_optimize_metadata: false };

  test("is asked once for all models, and again only when a model changed", async () => {
    writeFileSync(join(project, "models", "b.sql"), "select x as y from a");
    const answers = [DISCOVER, compile("a", "b"), DAG];
    const first = await refresh(answers, surface);
    expect(first.calls).toContain("dag --models models --column-lineage");
    expect(stateOnDisk().compile.upstream_reads.column_lineage).toEqual([
      { source: { column: "x", model: "a" }, target: { column: "y", model: "b" }, transform: "direct" },
    ]);
    const second = await refresh(answers, surface);
    expect(second.calls.filter((call) => call.startsWith("dag"))).toEqual([]);
    expect(stateOnDisk().compile.upstream_reads.column_lineage).toHaveLength(1);
    writeFileSync(join(project, "models", "b.sql"), "select x as z from a");
    const third = await refresh(answers, surface);
    expect(third.calls).toContain("dag --models models --column-lineage");
  });

  test("is asked model by model when the engine cannot do all at once", async () => {
    const lineage = {
      when: ["lineage", "b"],
      json: { model: "b", columns: [], edges: [...DAG.json.column_lineage, leaving("b", "c")] },
    };
    const { calls, lines } = await refresh([DISCOVER, compile("a", "b"), failing("dag"), lineage], surface);
    expect(calls).toEqual(expect.arrayContaining(["lineage --models models a", "lineage --models models b"]));
    expect(stateOnDisk().compile.upstream_reads.column_lineage).toHaveLength(1);
    expect(lines.join("\n")).toContain("No column lineage for model a");
  });

  const leaving = (from: string, to: string) => ({
    source: { model: from, column: "y" },
    target: { model: to, column: "z" },
    transform: "direct",
  });
});

describe("the hook", () => {
  test("gets the path after the state is written", async () => {
    const seen: string[] = [];
    await refresh(
      [DISCOVER, compile(), OPTIMIZE],
      {},
      {
        postStateWriteHook: (path) => {
          seen.push(path, String(existsSync(path)));
        },
      },
    );
    expect(seen).toEqual([statePath(), "true"]);
  });

  test("may fail: the state is written all the same", async () => {
    const hook = async () => {
      throw new Error("no bucket");
    };
    const { error, lines } = await refresh([DISCOVER, compile(), OPTIMIZE], {}, { postStateWriteHook: hook });
    expect(error).toBeUndefined();
    expect(lines.join("\n")).toContain("no bucket");
    expect(existsSync(statePath())).toBe(true);
  });
});
