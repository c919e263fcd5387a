import { describe, expect, it } from "vitest";
import { compileTexts, sourcesOf } from "./compile-texts.ts";
import { sourceSchemas } from "./source-schemas.ts";

const EPHEMERAL = '[strategy]\ntype = "ephemeral"\n';

const sqlOf = async (models: Readonly<Record<string, string>>, name: string): Promise<string | undefined> =>
  (await compileTexts(models)).models.get(name)?.sql;

describe("dependencies", () => {
  it("are what is declared and what the SQL reads, wherever it reads it", async () => {
    const project = await compileTexts({
      "a.sql": "SELECT 1 AS id",
      "b.sql": "SELECT 2 AS id",
      "c.sql": "WITH x AS (SELECT id FROM a) SELECT id FROM x WHERE id IN (SELECT id FROM b)",
      "d.sql": "SELECT id FROM raw.a",
      "d.toml": 'depends_on = ["c"]\n',
      "self.sql": "SELECT id FROM self",
    });
    expect(project.models.get("c")?.dependsOn).toEqual(["a", "b"]);
    expect(project.models.get("d")?.dependsOn).toEqual(["c"]);
    expect(project.models.get("d")?.sources).toEqual(["raw.a"]);
    expect(project.models.get("self")?.dependsOn).toEqual([]);
    expect(project.layers).toEqual([["a", "b", "self"], ["c"], ["d"]]);
    expect(project.dependencyLayers).toBe(3);
  });

  it("on a target's name only order the run, and never into a circle", async () => {
    const project = await compileTexts({
      "a.sql": "SELECT id FROM main.b",
      "b.sql": "SELECT id FROM W.MAIN.a",
      "z.sql": "SELECT id FROM main.y",
      "y.sql": "SELECT 1 AS id",
    });
    expect(project.models.get("z")).toMatchObject({ dependsOn: [], runsAfter: ["y"] });
    expect(project.models.get("a")?.runsAfter).toEqual([]);
    expect(project.layers).toEqual([["a", "b", "y"], ["z"]]);
    expect(project.dependencyLayers).toBe(1);
  });

  it("that nobody knows are refused with the nearest name", async () => {
    const compiled = compileTexts({
      "base.sql": "SELECT 1 AS x",
      "r.sql": "SELECT x FROM base",
      "r.toml": 'depends_on = ["bass"]\n',
    });
    await expect(compiled).rejects.toMatchObject({
      code: "unknown_name",
      message: "unknown dependency 'bass' referenced by 'r'",
      hint: expect.stringContaining("base"),
      where: { file: "models/r.toml", key: "depends_on" },
    });
  });

  it("in a circle are told model by model", async () => {
    const compiled = compileTexts({ "hen.sql": "SELECT id FROM egg", "egg.sql": "SELECT id FROM hen" });
    await expect(compiled).rejects.toMatchObject({
      code: "model_cycle",
      message: expect.stringContaining("egg → hen → egg"),
    });
  });
});

describe("SQL that cannot be read", () => {
  it("is reported for all models at once, with places", async () => {
    const compiled = compileTexts({
      "a.sql": "SELEC 1",
      "b.sql": "SELECT x\nFROM t WHERE )",
      "c.sql": "SELECT 1 AS x",
    });
    await expect(compiled).rejects.toMatchObject({
      code: "sql_unsupported",
      message: expect.stringMatching(/2 model\(s\).*a \(models\/a\.sql:1:1\).*b \(models\/b\.sql:2:14\)/s),
    });
  });
});

describe("the query to run", () => {
  it("names targets instead of models and drops the semicolon", async () => {
    const models = {
      "orders.sql": "SELECT 1 AS id",
      "m.sql": "SELECT orders.id FROM orders JOIN raw.orders r ON TRUE;",
      "orders.toml": '[target]\ntable = "orders_v2"\n',
    };
    expect(await sqlOf(models, "m")).toBe(
      "SELECT orders.id FROM w.main.orders_v2 AS orders JOIN raw.orders r ON TRUE",
    );
  });

  it("holds ephemeral models as CTEs, also those that others inline, each once", async () => {
    const models = {
      "src.sql": "SELECT 1 AS id",
      "e1.sql": "SELECT id FROM src",
      "e1.toml": EPHEMERAL,
      "e2.sql": "WITH c AS (SELECT id FROM e1) SELECT id FROM c -- two",
      "e2.toml": EPHEMERAL,
      "m.sql":
        "WITH q AS (SELECT id FROM e2) SELECT q.id FROM q JOIN e1 ON e1.id = q.id JOIN main.e2 x ON TRUE",
    };
    expect(await sqlOf(models, "m")).toBe(
      "WITH __rocky_ephemeral_e1 AS (\nSELECT id FROM w.main.src\n),\n" +
        "__rocky_ephemeral_e2 AS (\nWITH c AS (SELECT id FROM __rocky_ephemeral_e1 AS e1) SELECT id FROM c -- two\n\n),\n" +
        "q AS (SELECT id FROM __rocky_ephemeral_e2 AS e2) SELECT q.id FROM q JOIN __rocky_ephemeral_e1 AS e1 ON e1.id = q.id JOIN __rocky_ephemeral_e2 x ON TRUE",
    );
    expect((await compileTexts(models)).models.get("m")?.dependsOn).toEqual(["e1", "e2"]);
  });

  it("leaves a CTE alone that has a model's name", async () => {
    const models = {
      "a.sql": "SELECT 1 AS id",
      "m.sql": "WITH a AS (SELECT id FROM raw.a) SELECT id FROM a",
    };
    expect(await sqlOf(models, "m")).toBe(models["m.sql"]);
  });

  it("adds surrogate keys, which readers see as columns", async () => {
    const project = await compileTexts({
      "m.sql": "SELECT id, v FROM raw.x",
      "m.toml": '[[surrogate_key]]\nname = "k"\ncolumns = ["id", "v"]\n',
      "r.sql": "SELECT * FROM m",
    });
    expect(project.models.get("m")?.sql).toContain(") AS __rocky_keyed");
    expect(project.models.get("m")?.sql).toContain("AS VARCHAR) AS k FROM (\nSELECT id, v FROM raw.x\n)");
    expect(project.models.get("r")?.columns.map((column) => column.name)).toEqual(["id", "v", "k"]);
  });

  it("has a hash that follows its text", async () => {
    const first = (await compileTexts({ "a.sql": "SELECT 1 AS x" })).models.get("a");
    const second = (await compileTexts({ "a.sql": "SELECT 2 AS x" })).models.get("a");
    expect(first?.sqlHash).toMatch(/^[0-9a-f]{16}$/);
    expect(first?.sqlHash).not.toBe(second?.sqlHash);
  });
});

describe("columns and lineage", () => {
  const edges = async (models: Readonly<Record<string, string>>, name: string): Promise<readonly string[]> =>
    (await compileTexts(models, { sources: sourcesOf({ t: "id INTEGER, v VARCHAR" }) })).lineage
      .filter((edge) => edge.target.model === name)
      .map(
        ({ source, target, transform }) =>
          `${source.model}.${source.column} > ${target.column} (${transform})`,
      );

  it("expand stars through models and sources with known columns", async () => {
    const models = {
      "a.sql": "SELECT * FROM src.t",
      "m.sql": "SELECT a.*, x.note FROM a JOIN raw.x ON TRUE",
    };
    expect(await edges(models, "m")).toEqual([
      "a.id > id (direct)",
      "a.v > v (direct)",
      "raw.x.note > note (direct)",
    ]);
  });

  it("of stars with EXCLUDE and REPLACE, and of stars over CTEs, are those that the query has", async () => {
    const columns = async (sql: string): Promise<readonly string[]> => [
      ...((
        await compileTexts({ "m.sql": sql }, { sources: sourcesOf({ t: "id INTEGER, v VARCHAR" }) })
      ).models
        .get("m")
        ?.columns.map(({ name }) => name) ?? []),
    ];
    expect(await columns("SELECT * EXCLUDE (id) FROM src.t")).toEqual(["v"]);
    expect(await columns("SELECT t.* REPLACE (upper(v) AS v) FROM src.t t JOIN raw.x ON TRUE")).toEqual([
      "id",
      "v",
    ]);
    expect(await columns("WITH c AS (SELECT v AS name, id + 1 AS next FROM src.t) SELECT * FROM c")).toEqual([
      "name",
      "next",
    ]);
    expect(await columns("SELECT * RENAME (v AS Name) FROM src.t")).toEqual(["id", "Name"]);
    expect(await columns("FROM src.t")).toEqual(["id", "v"]);
    const renamed = { "m.sql": "SELECT * RENAME v AS n FROM src.t" };
    expect(await edges(renamed, "m")).toEqual(["src.t.id > id (direct)", "src.t.v > n (direct)"]);
    const replaced = { "m.sql": "SELECT * REPLACE (1 AS id) FROM src.t" };
    expect(await edges(replaced, "m")).toEqual(["src.t.v > v (direct)"]);
  });

  it("end at CTEs and subqueries, or go through them to tables where that is asked for", async () => {
    const models = {
      "m.sql":
        "WITH c AS (SELECT CAST(id AS BIGINT) AS i, v FROM src.t), d AS (SELECT * FROM c) SELECT q.i, sum(q.i) AS s, upper(q.v) AS u FROM (SELECT i, v FROM d) q GROUP BY ALL",
    };
    const sources = sourcesOf({ t: "id INTEGER, v VARCHAR" });
    const of = async (lineageDepth: "named" | "tables") => {
      const { lineage, models: compiled } = await compileTexts(models, { sources, lineageDepth });
      return {
        edges: lineage.map(
          ({ source, target, transform }) =>
            `${source.model}.${source.column} > ${target.column} (${transform})`,
        ),
        types: compiled.get("m")?.columns.map(({ type }) => type.kind),
      };
    };
    expect((await of("named")).edges[0]).toBe("(subquery).i > i (direct)");
    expect(await of("tables")).toEqual({
      edges: ["src.t.id > i (cast)", "src.t.id > s (aggregation: sum)", "src.t.v > u (expression)"],
      types: ["Int64", "Int64", "Unknown"],
    });
  });

  it("follow a thousand CTEs, each reading the one before", async () => {
    const ctes = Array.from({ length: 5000 }, (_unused, index) =>
      index === 0 ? "c0 AS (SELECT id FROM src.t)" : `c${index} AS (SELECT * FROM c${index - 1})`,
    );
    const { lineage } = await compileTexts(
      { "m.sql": `WITH ${ctes.join(", ")} SELECT * FROM c4999` },
      { lineageDepth: "tables" },
    );
    expect(lineage).toMatchObject([{ source: { model: "src.t", column: "id" } }]);
  });

  it("go through subqueries nested deep without more work for each level than for the last", async () => {
    const names = Array.from({ length: 20 }, (_unused, index) => `c${index}`).join(", ");
    const sql = Array.from({ length: 30 }).reduce<string>(
      (inner, _unused, level) => `SELECT ${names} FROM (${inner}) AS q${level}`,
      `SELECT ${names} FROM raw.t`,
    );
    const { lineage } = await compileTexts({ "m.sql": sql }, { lineageDepth: "tables" });
    expect(lineage).toHaveLength(20);
    expect(lineage[19]).toMatchObject({
      source: { model: "raw.t", column: "c19" },
      target: { column: "c19" },
    });
  });

  it("leave out tables that only filter, and tables whose columns the query renames", async () => {
    const models = (sql: string) => ({ "m.sql": sql });
    expect(await edges(models("SELECT * FROM src.t SEMI JOIN src.u USING (id)"), "m")).toEqual([
      "src.t.id > id (direct)",
      "src.t.v > v (direct)",
    ]);
    expect(await edges(models("SELECT v FROM src.t ANTI JOIN src.u ON t.id = u.id"), "m")).toEqual([
      "src.t.v > v (direct)",
    ]);
    for (const sql of ["SELECT * FROM src.t AS s(a, b)", "SELECT a FROM src.t AS s(a, b)"])
      expect(await edges(models(sql), "m")).toEqual([]);
  });

  it("go by position through both arms of a union", async () => {
    const models = { "m.sql": "SELECT id, v FROM src.t UNION ALL SELECT key, upper(name) FROM raw.u" };
    expect(await edges(models, "m")).toEqual([
      "src.t.id > id (direct)",
      "raw.u.key > id (direct)",
      "src.t.v > v (direct)",
      "raw.u.name > v (expression)",
    ]);
  });

  it("of a table are not taken from another of its name", async () => {
    const table = (catalog: string, type: string) => ({
      catalog,
      schema: "src",
      table: "t",
      columns: [{ name: "id", type }],
    });
    const types = async (from: string, ...tables: readonly ReturnType<typeof table>[]) =>
      (await compileTexts({ "m.sql": `SELECT * FROM ${from}` }, { sources: sourceSchemas(tables) })).models
        .get("m")
        ?.columns.map(({ type }) => type.kind);
    const [here, there] = [table("here", "INTEGER"), table("there", "VARCHAR")];
    expect(await types("src.t", here, there)).toEqual([]);
    expect(await types("there.src.t", here, there)).toEqual(["String"]);
    expect(await types("src.t", here, table("there", "INTEGER"))).toEqual(["Int32"]);
    expect(await types("src.t", here, there, there)).toEqual([]);
  });

  it("know when a star may hide more", async () => {
    const complete = async (sql: string): Promise<boolean | undefined> =>
      (
        await compileTexts(
          { "m.sql": sql },
          { sources: sourcesOf({ t: "id INTEGER, v VARCHAR", u: "id INTEGER" }) },
        )
      ).models.get("m")?.columnsComplete;
    expect(await complete("SELECT * FROM src.t")).toBe(true);
    expect(await complete("WITH c AS (SELECT id FROM raw.x) SELECT * FROM c")).toBe(true);
    expect(await complete("SELECT * FROM raw.x")).toBe(false);
    expect(await complete("SELECT * FROM src.t, read_csv('f.csv')")).toBe(false);
    expect(await complete("SELECT * FROM src.t JOIN src.u ON t.id = u.id")).toBe(false);
    expect(await complete("SELECT COUNT(*) FROM src.t")).toBe(false);
  });

  it("take types from the seeds up", async () => {
    const project = await compileTexts(
      {
        "a.sql": "SELECT id, CAST(v AS DATE) AS d FROM src.t",
        "m.sql": "SELECT SUM(id) AS s, MAX(d) AS newest FROM a",
      },
      { sources: sourcesOf({ t: "id INTEGER NOT NULL, v VARCHAR" }) },
    );
    expect(project.models.get("a")?.columns[0]).toMatchObject({ type: { kind: "Int32" }, nullable: false });
    expect(project.models.get("m")?.columns.map(({ type }) => type.kind)).toEqual(["Int64", "Date"]);
  });
});

describe("size", () => {
  it("ten times the models take about ten times as long", async () => {
    const project = (count: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: count }, (_unused, index) => [
          `m${index}.sql`,
          `SELECT id, a, upper(b) AS b FROM ${index % 10 === 0 ? "raw.x" : `m${index - 1}`}`,
        ]),
      );
    const timed = async (count: number): Promise<number> => {
      const texts = project(count);
      const { user } = process.cpuUsage();
      await compileTexts(texts);
      return process.cpuUsage().user - user;
    };
    await timed(500);
    const small = await timed(500);
    const large = await timed(5000);
    // A quadratic step would make it a hundred times; the factor leaves room for a busy machine.
    expect(large / small).toBeLessThan(35);
  }, 120_000);
});
