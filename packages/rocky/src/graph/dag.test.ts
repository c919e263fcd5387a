import { describe, expect, it } from "vitest";
import { loadConfig } from "../config/index.ts";
import { loadModels, type Model, modelsDirectory } from "../models/index.ts";
import { memoryFiles } from "../ports.ts";
import { buildDag, type Dag } from "./dag.ts";
import { findSeeds } from "./seeds.ts";

const ADAPTER = '[adapter]\ntype = "duckdb"\n';
const transformation = (name: string, rest = ""): string =>
  `[pipeline.${name}]\ntype = "transformation"\nmodels = "${name}/**"\n${rest}[pipeline.${name}.target]\nadapter = "default"\n`;
const REPLICATION =
  '[pipeline.landing]\nstrategy = "full_refresh"\n[pipeline.landing.source.schema_pattern]\nprefix = "s__"\nseparator = "__"\ncomponents = ["c"]\n[pipeline.landing.target]\ncatalog_template = "w"\nschema_template = "{c}"\n';

const dagOf = (toml: string, texts: Readonly<Record<string, string>> = {}): Dag => {
  const files = memoryFiles({ "rocky.toml": ADAPTER + toml, ...texts });
  const config = loadConfig(files, {}, "rocky.toml");
  const models = new Map<string, readonly Model[]>();
  for (const pipeline of config.pipelines) {
    if (pipeline.type !== "transformation") continue;
    models.set(
      pipeline.name,
      loadModels(files, {}, modelsDirectory(config.directory, pipeline.models)).models,
    );
  }
  return buildDag({ seeds: findSeeds(files, {}, "seeds") ?? [], pipelines: config.pipelines, models });
};

const edges = (dag: Dag): readonly string[] =>
  dag.edges.map(({ from, to, kind }) => `${from} > ${to} (${kind})`);

const TARGET = '[target]\ncatalog = "w"\nschema = "main"\n';

describe("buildDag", () => {
  it("leads from a pipeline's last nodes to the first of those that depend on it", () => {
    const dag = dagOf(REPLICATION + transformation("marts", 'depends_on = ["landing"]\n'), {
      "marts/_defaults.toml": TARGET,
      "marts/a.sql": "SELECT 1 AS id",
      "marts/a.toml":
        '[[tests]]\ntype = "not_null"\ncolumn = "id"\n[[tests]]\ntype = "expression"\nexpression = "id > 0"\n',
      "marts/b.sql": "SELECT id FROM a",
      "marts/b.toml": 'depends_on = ["a"]\n',
    });
    expect(edges(dag)).toEqual([
      "source:landing > load:landing (data)",
      "transformation:a > transformation:b (data)",
      "transformation:a > test:a::not_null_id (check)",
      "transformation:a > test:a::expression_1 (check)",
      "load:landing > transformation:a (data)",
    ]);
    expect(dag.layers).toEqual([
      ["source:landing"],
      ["load:landing"],
      ["transformation:a"],
      ["test:a::expression_1", "test:a::not_null_id", "transformation:b"],
    ]);
  });

  it("follows depends_on to seeds, to loading pipelines and to other pipelines' models", () => {
    const dag = dagOf(REPLICATION + transformation("one") + transformation("two"), {
      "one/_defaults.toml": TARGET,
      "one/a.sql": "SELECT 1 AS id",
      "one/a.toml": 'depends_on = ["genres", "landing", "nobody"]\n',
      "two/_defaults.toml": TARGET,
      "two/b.sql": "SELECT 1 AS id",
      "two/b.toml": 'depends_on = ["a"]\n',
      "seeds/genres.csv": "code\n1\n",
      "seeds/genres.toml": '[target]\ncatalog = "w"\nschema = "seeds"\n',
    });
    expect(edges(dag)).toContain("seed:genres > transformation:a (data)");
    expect(edges(dag)).toContain("load:landing > transformation:a (data)");
    expect(edges(dag)).toContain("transformation:a > transformation:b (data)");
    expect(dag.nodes[0]).toMatchObject({ id: "seed:genres", target: { schema: "seeds", table: "genres" } });
  });

  it("refuses a table with two writers in two pipelines, and a circle", () => {
    const model = { "one/a.sql": "SELECT 1 AS id", "one/a.toml": `${TARGET}table = "t"\n` };
    const other = { "two/b.sql": "SELECT 1 AS id", "two/b.toml": `${TARGET}table = "T"\n` };
    expect(() => dagOf(transformation("one") + transformation("two"), { ...model, ...other })).toThrow(
      /'w\.main\.t'/,
    );
    expect(() =>
      dagOf(transformation("one"), {
        "one/_defaults.toml": TARGET,
        "one/a.sql": "SELECT 1 AS x",
        "one/a.toml": 'depends_on = ["b"]\n',
        "one/b.sql": "SELECT 1 AS x",
        "one/b.toml": 'depends_on = ["a"]\n',
      }),
    ).toThrow(/transformation:a → transformation:b → transformation:a/);
  });
});
