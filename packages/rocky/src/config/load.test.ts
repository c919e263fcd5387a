import { describe, expect, it } from "vitest";
import { RockyError } from "../errors.ts";
import { memoryFiles } from "../ports.ts";
import { inspectConfig, loadConfig } from "./load.ts";

const load = (text: string, env: Record<string, string> = {}) =>
  loadConfig(memoryFiles({ "rocky.toml": text }), env, "rocky.toml");

const failure = (text: string, env: Record<string, string> = {}): RockyError => {
  try {
    load(text, env);
  } catch (thrown) {
    if (thrown instanceof RockyError) return thrown;
  }
  throw new Error("loading was expected to fail");
};

const REPLICATION = `[adapter.db]
type = "duckdb"
path = "x.duckdb"

[pipeline.landing.source.schema_pattern]
prefix = "src__"
separator = "__"
components = ["country", "channel..."]

[pipeline.landing.target]
adapter = "db"
catalog_template = "lake"
schema_template = "raw_{country}"
`;

describe("loadConfig", () => {
  it("fills every default of a replication pipeline", () => {
    const config = load(REPLICATION);
    const [pipeline] = config.pipelines;
    expect(pipeline).toMatchObject({
      name: "landing",
      type: "replication",
      strategy: "incremental",
      timestampColumn: "_fivetran_synced",
      dependsOn: [],
      source: { adapter: "default", discovery: { adapter: "db", onCollision: "off" } },
      execution: { concurrency: "adaptive", errorRateAbortPct: 50, failFast: false, tableRetries: 1 },
      checks: { declared: false, enabled: false, failOnError: false, anomalyThresholdPct: 0 },
    });
    expect(config.state).toMatchObject({
      backend: "local",
      namespacing: "none",
      transferTimeoutSeconds: 300,
    });
    expect(config.resilience).toMatchObject({ enabled: true, maxRetriesPerRun: 8, containFailures: false });
  });

  it("reads unnamed adapters and pipelines as the ones called default", () => {
    const config = load(
      '[adapter]\ntype = "duckdb"\n\n[pipeline]\ntype = "transformation"\n[pipeline.target]\n',
    );
    expect(config.adapters.map((adapter) => adapter.name)).toEqual(["default"]);
    expect(config.pipelines).toMatchObject([
      { name: "default", models: "models/**", target: { adapter: "default" } },
    ]);
  });

  it("takes a table that no key can be for the name of a pipeline", () => {
    const config = load(
      '[adapter]\ntype = "duckdb"\n[pipeline.models]\ntype = "transformation"\n[pipeline.models.target]\n',
    );
    expect(config.pipelines).toMatchObject([{ name: "models", type: "transformation" }]);
  });

  it("keeps pipelines in file order", () => {
    const one = (name: string) => `[pipeline.${name}]\ntype = "transformation"\n[pipeline.${name}.target]\n`;
    expect(load(one("b") + one("a") + one("c")).pipelines.map((pipeline) => pipeline.name)).toEqual([
      "b",
      "a",
      "c",
    ]);
  });

  it("is frozen all the way down", () => {
    const config = load(REPLICATION);
    const [pipeline] = config.pipelines;
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(pipeline)).toBe(true);
    expect(pipeline?.type === "replication" && Object.isFrozen(pipeline.source.schemaPattern)).toBe(true);
  });

  describe("environment", () => {
    it("splices text, so that a variable can stand for a number", () => {
      const config = load(
        `[adapter]
type = "duckdb"
timeout_secs = \${T}
`,
        { T: "7" },
      );
      expect(config.adapters[0]?.timeoutSecs).toBe(7);
    });

    it.each([
      ["unset", undefined, "fallback.duckdb"],
      ["empty", "", "fallback.duckdb"],
      ["set", "own.duckdb", "own.duckdb"],
    ])("uses the fallback of a variable that is %s", (_what, value, expected) => {
      const env = value === undefined ? {} : { DB: value };
      expect(
        load(`[adapter]\ntype = "duckdb"\npath = "\${DB:-fallback.duckdb}"`, env).adapters[0]?.path,
      ).toBe(expected);
    });

    it("accepts an empty variable without a fallback", () => {
      expect(load(`[adapter]\ntype = "duckdb"\npath = "\${DB}"`, { DB: "" }).adapters[0]?.path).toBe("");
    });

    it("leaves comment lines alone, but not comments behind code", () => {
      expect(load(`# \${NOT_SET}\n[adapter]\ntype = "duckdb"`).adapters).toHaveLength(1);
      expect(failure(`[adapter]\ntype = "duckdb" # \${NOT_SET}`).code).toBe("config_env");
    });

    it("names variable, file, line and key of a missing one", () => {
      const error = failure(`[adapter.main]\ntype = "duckdb"\npath = "\${DB_FILE}"`);
      expect(error.message).toContain("'DB_FILE' not set");
      expect(error.where).toEqual({ file: "rocky.toml", line: 3, column: 9, key: "adapter.main.path" });
    });
  });

  describe("errors", () => {
    it("says where broken TOML is", () => {
      const error = failure('[adapter]\ntype = "duckdb\n');
      expect(error.code).toBe("config_syntax");
      expect(error.where).toMatchObject({ file: "rocky.toml", line: 2 });
    });

    it("names an unknown key with its line and the nearest known one", () => {
      const error = failure(`${REPLICATION}seperator = "-"\n`);
      expect(error.where).toEqual({
        file: "rocky.toml",
        line: 14,
        column: 1,
        key: "pipeline.landing.target.seperator",
      });
      expect(error.hint).toContain("'separator'");
    });

    it("shows every problem at once", () => {
      const error = failure('[adapter.a]\ntype = 3\ntimeout = 1\n[state]\nbackend = "s4"\n');
      expect(error.message).toContain("expected a text, found a number");
      expect(error.message).toContain("unknown field `timeout`");
      expect(error.message).toContain("unknown value 's4'");
    });

    it("uses the path that the file has when a name was left out", () => {
      expect(failure('[adapter]\ntype = "duckdb"\npaht = "x"\n').where).toMatchObject({
        line: 3,
        key: "adapter.paht",
      });
    });

    it("names the file that is missing", () => {
      expect(() => loadConfig(memoryFiles({}), {}, "other.toml")).toThrow(/other\.toml/);
    });

    it("lists the names of variables that were filled in, never their values", () => {
      const error = failure(`[adapter]\ntype = "duckdb"\npassword = "\${PW}"\nnope = 1\n`, {
        PW: "hunter2hunter2",
      });
      expect(error.hint).toContain("PW");
      expect(JSON.stringify(error)).not.toContain("hunter2");
    });
  });

  it("takes a typo for what it is where it would change what the rest means", () => {
    const adapter = failure(`[adapter]\ntyep = "duckdb"\npath = "x"\n`);
    expect(adapter.message).toBe("unknown field `tyep` in `adapter.default`");
    expect([adapter.where?.line, adapter.hint]).toEqual([2, expect.stringContaining("did you mean 'type'?")]);
    const pipeline = failure(
      `[adapter]\ntype = "duckdb"\n[pipeline]\ntyep = "transformation"\ntarget = {}\n`,
    );
    expect(pipeline.message.split("\n")[0]).toBe("unknown field `tyep` in `pipeline.default`");
    const assertion = failure(`[adapter]
type = "duckdb"
[pipeline.q]
type = "quality"
tables = [{ catalog = "c", schema = "s" }]
target = {}
checks = { assertions = [{ table = "t", tyep = "in_range", column = "a", min = 0 }] }
`);
    expect(assertion.message).toBe("unknown field `tyep` in `pipeline.q.checks.assertions.0`");
  });

  it("warns about a typo directly in a pipeline, which the original ignores", () => {
    const config = load(`${REPLICATION}[pipeline.landing.excution]\nfail_fast = true\n`);
    expect(config.warnings).toMatchObject([{ key: "pipeline.landing.excution", line: 14 }]);
    expect(config.warnings[0]?.hint).toContain("execution");
  });

  it("warns about hooks for events that never happen", () => {
    const config = load('[hook.on_pipeline_strat]\ncommand = "true"\n');
    expect(config.warnings[0]?.hint).toContain("on_pipeline_start");
  });

  describe("rules", () => {
    const rules = (text: string) =>
      inspectConfig(memoryFiles({ "rocky.toml": text }), {}, "rocky.toml").broken;

    it.each([
      [
        "a discovery-only adapter without its kind",
        '[adapter.f]\ntype = "fivetran"\n',
        "V032",
        "adapter.f.kind",
      ],
      [
        "a role that the type lacks",
        '[adapter.t]\ntype = "trino"\nkind = "discovery"\n',
        "V032",
        "adapter.t.kind",
      ],
      [
        "a merge without keys",
        `[pipeline.landing]\nstrategy = "merge"\n${REPLICATION}`,
        "V046",
        "pipeline.landing.merge_keys",
      ],
      [
        "a reserved component name",
        REPLICATION.replace('"country"', '"table"'),
        "V046",
        "pipeline.landing.source.schema_pattern.components",
      ],
      [
        "two overrides of one table",
        `${REPLICATION}[[pipeline.landing.table_overrides]]\nmatch = { table = "t" }\n[[pipeline.landing.table_overrides]]\nmatch = { table = "t" }\n`,
        "V046",
        "pipeline.landing.table_overrides.1",
      ],
    ])("refuses %s, and lets validate look on", (_what, text, code, key) => {
      expect(rules(text)).toMatchObject([{ code, key }]);
      expect(failure(text).code).toBe("config_invalid");
    });

    it("refuses a source adapter that holds no data", () => {
      const text = `[adapter.air]\ntype = "airbyte"\nkind = "discovery"\nhost = "h"\n${REPLICATION}[pipeline.landing.source]\nadapter = "air"\n`;
      expect(rules(text)).toMatchObject([{ code: "V033", key: "pipeline.landing.source.adapter" }]);
    });
  });

  it("reads masks: a table is an environment", () => {
    const config = load('[mask]\npersonal = "hash"\n[mask.prod]\npersonal = "redact"\n');
    expect(config.mask).toEqual({
      strategies: { personal: "hash" },
      environments: { prod: { personal: "redact" } },
    });
  });

  it.each([
    ["an unknown parent", '[role.a]\ninherits = ["b"]\n', /unknown role 'b'/],
    ["a circle", '[role.a]\ninherits = ["b"]\n[role.b]\ninherits = ["a"]\n', /circle/],
  ])("refuses roles with %s", (_what, text, message) => {
    expect(failure(text).message).toMatch(message);
  });

  it("reads every kind of assertion", () => {
    const assertion = (body: string) =>
      `[adapter]\ntype = "duckdb"\n[pipeline.q]\ntype = "quality"\n[pipeline.q.target]\n[pipeline.q.checks]\nenabled = true\n[[pipeline.q.checks.assertions]]\ntable = "t"\n${body}\n`;
    const rule = (body: string) => load(assertion(body)).pipelines[0]?.checks.assertions[0]?.rule;
    expect(rule('type = "in_range"\ncolumn = "a"\nmin = 0\nmax = "9"')).toEqual({
      type: "in_range",
      column: "a",
      min: "0",
      max: "9",
    });
    expect(rule('type = "aggregate"\nop = "sum"\ncolumn = "a"\ncmp = "gte"\nvalue = 5')).toEqual({
      type: "aggregate",
      op: "sum",
      column: "a",
      cmp: ">=",
      value: "5",
    });
    expect(rule('type = "relationships"\ncolumn = "a"\nto_table = "x.y.z"\nto_column = "b"')).toMatchObject({
      toTable: "x.y.z",
      toColumn: "b",
    });
    expect(failure(assertion('type = "not_nul"\ncolumn = "a"')).hint).toContain("not_null");
  });
});
