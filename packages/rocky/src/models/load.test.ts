import { describe, expect, it } from "vitest";
import { RockyError } from "../errors.ts";
import { type FileWarning, memoryFiles } from "../ports.ts";
import { loadModels } from "./load.ts";

const load = (contents: Record<string, string>, env: Record<string, string> = {}) =>
  loadModels(memoryFiles(contents), env, "models");

const failure = (contents: Record<string, string>): RockyError => {
  try {
    load(contents);
  } catch (thrown) {
    if (thrown instanceof RockyError) return thrown;
  }
  throw new Error("loading was expected to fail");
};

describe("loadModels", () => {
  it("finds models in folders by name and leaves groups, contracts and defaults out", () => {
    const loaded = load({
      "models/b.sql": "select 1",
      "models/a.sql": "select 2",
      "models/deep/c.sql": "select 3",
      "models/a.contract.toml": "",
      "models/groups/g.toml": "",
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"',
    });
    expect(loaded.models.map((model) => model.file)).toEqual([
      "models/a.sql",
      "models/b.sql",
      "models/deep/c.sql",
    ]);
    expect(loaded.models[0]?.contractFile).toBe("models/a.contract.toml");
    expect(loaded.models[0]?.target).toEqual({ catalog: "c", schema: "s", table: "a" });
  });

  it("gives a model without any config the fixed target, since defaults are per folder", () => {
    const loaded = load({
      "models/deep/c.sql": "select 3",
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"',
    });
    expect(loaded.models[0]?.target).toEqual({ catalog: "warehouse", schema: "default", table: "c" });
  });

  it("names model, file and field when a sidecar's target cannot be resolved", () => {
    const error = failure({ "models/m.sql": "select 1", "models/m.toml": 'retention = "10d"' });
    expect(error.message).toContain("model 'm'");
    expect(error.where).toEqual({ file: "models/m.toml", key: "target.catalog" });
  });

  it("reads every strategy", () => {
    const strategyOf = (text: string) =>
      load({
        "models/m.sql": "select 1",
        "models/m.toml": `[target]\ncatalog = "c"\nschema = "s"\n[strategy]\n${text}`,
      }).models[0]?.strategy;
    expect(strategyOf('type = "incremental"\ntimestamp_column = "t"')).toEqual({
      type: "incremental",
      timestampColumn: "t",
    });
    expect(strategyOf('type = "merge"\nunique_key = ["a", "b"]')).toEqual({
      type: "merge",
      uniqueKey: ["a", "b"],
    });
    expect(
      strategyOf(
        'type = "time_interval"\ntime_column = "d"\ngranularity = "month"\nfirst_partition = "2025-01"',
      ),
    ).toEqual({
      type: "time_interval",
      timeColumn: "d",
      granularity: "month",
      lookback: 0,
      batchSize: 1,
      firstPartition: "2025-01",
    });
    expect(strategyOf('type = "microbatch"\ntimestamp_column = "t"')).toEqual({
      type: "microbatch",
      timestampColumn: "t",
      granularity: "hour",
    });
  });

  it("refuses an unknown strategy and suggests the nearest", () => {
    const error = failure({
      "models/m.sql": "select 1",
      "models/m.toml": '[target]\ncatalog = "c"\nschema = "s"\n\n[strategy]\ntype = "incremantal"',
    });
    expect(error.hint).toContain("incremental");
    expect(error.where).toEqual({ file: "models/m.toml", line: 6, column: 1, key: "strategy.type" });
  });

  it("warns about a key that nothing reads", () => {
    const heard: FileWarning[] = [];
    const files = memoryFiles({
      "models/m.sql": "select 1",
      "models/m.toml":
        'dependson = ["x"]\n[target]\ncatalog = "c"\nschema = "s"\n[columns.id]\ndescripton = "key"',
    });
    loadModels({ ...files, warn: (warning) => heard.push(warning) }, {}, "models");
    expect(heard).toMatchObject([
      { file: "models/m.toml", key: "columns.id.descripton", line: 6 },
      { file: "models/m.toml", key: "dependson", line: 1 },
    ]);
    expect(heard.map(({ hint }) => hint)).toEqual([
      expect.stringContaining("'description'"),
      expect.stringContaining("'depends_on'"),
    ]);
  });

  it("merges sidecar over group over defaults", () => {
    const loaded = load({
      "models/m.sql": "select 1",
      "models/m.toml": 'group = "g"\n[args]\narea = "north"\n[tags]\ntier = "silver"',
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"\n[strategy]\ntype = "full_refresh"',
      "models/groups/g.toml":
        'schema_template = "mart_{area}"\n[strategy]\ntype = "view"\n[tags]\ntier = "gold"\ndomain = "x"',
    });
    expect(loaded.models[0]).toMatchObject({
      target: { catalog: "c", schema: "mart_north", table: "m" },
      strategy: { type: "view" },
      tags: { tier: "silver", domain: "x" },
    });
  });

  it.each([
    ["an unknown group", 'group = "nowhere"', /unknown group 'nowhere'/],
    ["a missing argument", 'group = "g"\n[args]\nwrong = "x"', /needs the argument 'area'/],
    ["args beside a pinned schema", 'group = "g"\n[target]\nschema = "s"\n[args]\narea = "x"', /no effect/],
    ["a strategy under an enforcing group", 'group = "e"\n[strategy]\ntype = "view"', /enforced/],
  ])("refuses %s", (_what, sidecar, message) => {
    const error = failure({
      "models/m.sql": "select 1",
      "models/m.toml": sidecar,
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"',
      "models/groups/g.toml": 'schema_template = "mart_{area}"',
      "models/groups/e.toml": 'enforce = true\n[strategy]\ntype = "full_refresh"',
    });
    expect(error.message).toMatch(message);
    expect(error.where?.file).toBe("models/m.toml");
  });

  it("reads frontmatter and keeps positions of the file", () => {
    const loaded = load({
      "models/m.sql": '---toml\nname = "other"\n[target]\ncatalog = "c"\nschema = "s"\n---\nselect 1\n',
    });
    expect(loaded.models[0]).toMatchObject({ name: "other", sql: "select 1\n", sqlLineOffset: 6 });
    const error = failure({ "models/m.sql": '---toml\nretention = "0d"\n---\nselect 1' });
    expect(error.where).toMatchObject({ file: "models/m.sql", line: 2, key: "retention" });
    const broken = failure({ "models/m.sql": "---toml\nname = = 3\n---\nselect 1" });
    expect(broken.where).toMatchObject({ file: "models/m.sql", line: 2, column: 8 });
    const unset = failure({ "models/m.sql": `---toml\nname = "\${NOWHERE}"\n---\nselect 1` });
    expect(unset.where).toMatchObject({ file: "models/m.sql", line: 2, column: 9 });
  });

  it("fills environment variables into sidecars, not into SQL", () => {
    const loaded = load(
      {
        "models/m.sql": `select '\${CATALOG}'`,
        "models/m.toml": `[target]\ncatalog = "\${CATALOG}"\nschema = "s"`,
      },
      { CATALOG: "prod" },
    );
    expect(loaded.models[0]?.target.catalog).toBe("prod");
    expect(loaded.models[0]?.sql).toContain("{CATALOG}");
  });

  it("resolves named tests with the model's own column and severity", () => {
    const loaded = load({
      "models/m.sql": "select 1",
      "models/m.toml":
        '[target]\ncatalog = "c"\nschema = "s"\n[[tests]]\ntype = "unique"\ncolumn = "id"\n[[use_test]]\nname = "set"\ncolumn = "email"\nseverity = "warning"',
      "models/test_definitions.toml": '[set]\ntype = "not_null"\ncolumn = "unused"',
    });
    expect(loaded.models[0]?.tests).toEqual([
      { rule: { type: "unique", column: "id" }, severity: "error" },
      { rule: { type: "not_null", column: "email" }, severity: "warning", name: "set" },
    ]);
  });

  it("expands macros from the folder beside the models, nested and with quoted commas", () => {
    const loaded = load({
      "models/m.sql": "select @twice(coalesce(a, 'x, y')) as b, @var(limit, 1) as c",
      "macros/twice.sql": "-- @macro twice(value)\n@add({value}, {value})",
      "macros/add.sql": "-- @macro add(left, right)\n({left} || {right})",
    });
    expect(loaded.models[0]?.sql).toBe(
      "select (coalesce(a, 'x, y') || coalesce(a, 'x, y')) as b, @var(limit, 1) as c",
    );
  });

  it("names the nearest macro for an unknown one", () => {
    const error = failure({
      "models/m.sql": "select @twise(a)",
      "macros/twice.sql": "-- @macro twice(v)\n{v}",
    });
    expect(error.message).toBe("unknown macro '@twise'");
    expect(error.hint).toContain("twice");
  });

  it("says that a directory is not there", () => {
    expect(load({})).toMatchObject({ found: false, models: [] });
  });
});
