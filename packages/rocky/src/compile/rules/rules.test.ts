import { describe, expect, it } from "vitest";
import { codes, compileTexts, sourcesOf } from "../compile-texts.ts";

const SOURCES = {
  sources: sourcesOf({
    a: "id INTEGER, v VARCHAR, d DATE NOT NULL, at TIMESTAMP",
    b: "id BIGINT, v INTEGER, n INTEGER",
  }),
};

const strategy = (lines: string): string => `[strategy]\n${lines}\n`;
const DAY = 'type = "time_interval"\ntime_column = "d"\ngranularity = "day"';
const WINDOW = "WHERE d >= @start_date AND d < @end_date";

describe("stars", () => {
  it("are worth a note, and a warning when they hide unknown columns of a model", async () => {
    const project = await compileTexts({
      "a.sql": "SELECT * FROM raw.x",
      "b.sql": "SELECT * FROM a",
      "c.sql": "SELECT t.* FROM b t",
    });
    expect(codes(project)).toEqual(["I001 a", "W002 b", "W002 c"]);
  });

  it("warn when readers name columns", async () => {
    const project = await compileTexts({
      "a.sql": "SELECT id, v FROM raw.x",
      "s.sql": "SELECT * FROM a",
      "r.sql": "SELECT v, id FROM s",
      "other.sql": "SELECT * FROM s",
    });
    const found = project.diagnostics.filter(({ code }) => code === "P002");
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      model: "s",
      span: { file: expect.stringContaining("s.sql"), line: 1, col: 1 },
      severity: "Warning",
      message: expect.stringContaining("r (id, v)"),
    });
  });

  it("count untyped columns only where others are typed", async () => {
    const project = await compileTexts(
      { "a.sql": "SELECT id, id + 1 AS n FROM src.b", "b.sql": "SELECT x FROM raw.x" },
      SOURCES,
    );
    expect(codes(project)).toEqual(["I002 a"]);
  });
});

describe("types of columns with one name", () => {
  it("must be reconcilable", async () => {
    const project = await compileTexts(
      {
        "a.sql": "SELECT id, v FROM src.a",
        "b.sql": "SELECT id, v FROM src.b",
        "j.sql": "SELECT a.id FROM a JOIN b ON a.id = b.id",
      },
      SOURCES,
    );
    expect(codes(project)).toEqual(["E001 j", "W001 j"]);
    expect(project.models.get("j")?.errors.map(({ code }) => code)).toEqual(["E001"]);
  });

  it("do not matter for models that only a CTE reads", async () => {
    const project = await compileTexts(
      {
        "a.sql": "SELECT id, v FROM src.a",
        "b.sql": "SELECT id, v FROM src.b",
        "j.sql": "WITH x AS (SELECT id FROM b) SELECT a.id FROM a JOIN x ON a.id = x.id",
      },
      SOURCES,
    );
    expect(codes(project)).toEqual([]);
    expect(project.models.get("j")?.dependsOn).toEqual(["a", "b"]);
  });
});

describe("time_interval", () => {
  it("needs its column and both placeholders", async () => {
    const compiled = (sql: string, toml = strategy(DAY)) =>
      compileTexts({ "m.sql": sql, "m.toml": toml }, SOURCES).then(codes);
    const fresh = "[freshness]\nmax_lag_seconds = 1\n";
    expect(await compiled(`SELECT d FROM src.a ${WINDOW}`, fresh + strategy(DAY))).toEqual([]);
    expect(await compiled("SELECT id FROM src.b")).toEqual(["E020 m", "E024 m"]);
    expect(await compiled(`SELECT * FROM raw.x ${WINDOW}`)).toEqual(["I001 m"]);
    expect(await compiled(`SELECT n AS d FROM src.b ${WINDOW}`)).toEqual(["E021 m"]);
    expect(await compiled(`SELECT at AS d FROM src.a ${WINDOW}`, fresh + strategy(DAY))).toEqual(["E022 m"]);
    expect(await compiled("SELECT d FROM raw.x WHERE d >= @start_date -- @end_date")).toEqual(["W003 m"]);
  });

  it("checks identifier, grain and first partition", async () => {
    const compiled = (toml: string) =>
      compileTexts(
        {
          "m.sql": `SELECT d FROM src.a ${WINDOW}`,
          "m.toml": `[freshness]\nmax_lag_seconds = 1\n${strategy(toml)}`,
        },
        SOURCES,
      ).then(codes);
    expect(await compiled(DAY.replace('"d"', '"d; drop"'))).toEqual(["E023 m"]);
    expect(await compiled(DAY.replace('"day"', '"hour"'))).toEqual(["E025 m"]);
    expect(await compiled(`${DAY}\nfirst_partition = "2025-02-30"`)).toEqual(["E026 m"]);
    expect(await compiled(`${DAY}\nfirst_partition = "2025-02-28"`)).toEqual([]);
  });

  it("points at the column", async () => {
    const project = await compileTexts(
      { "m.sql": `SELECT\n  1 AS one,\n  n AS d\nFROM src.b ${WINDOW}`, "m.toml": strategy(DAY) },
      SOURCES,
    );
    expect(project.diagnostics.find(({ code }) => code === "E021")?.span).toEqual({
      file: "models/m.sql",
      line: 3,
      col: 8,
    });
  });
});

describe("merge", () => {
  it("warns of a key that is not put out, unless a star may hold it", async () => {
    const merge = strategy('type = "merge"\nunique_key = ["id"]');
    expect(codes(await compileTexts({ "m.sql": "SELECT v FROM raw.x", "m.toml": merge }))).toEqual([
      "W006 m",
    ]);
    expect(codes(await compileTexts({ "m.sql": "SELECT * FROM raw.x", "m.toml": merge }))).toEqual([
      "I001 m",
    ]);
    expect(codes(await compileTexts({ "m.sql": "SELECT ID FROM raw.x", "m.toml": merge }))).toEqual([]);
  });
});

describe("contracts", () => {
  const contract =
    '[[columns]]\nname = "id"\ntype = "Int64"\nnullable = false\n[[columns]]\nname = "gone"\n[rules]\nrequired = ["id", "must"]\nprotected = ["kept"]\n';

  it("are held beside the model", async () => {
    const project = await compileTexts(
      { "m.sql": "SELECT id FROM src.a", "m.contract.toml": contract },
      SOURCES,
    );
    expect(codes(project)).toEqual(["E010 m", "E011 m", "E012 m", "E013 m", "W010 m"]);
    expect(project.contracts.get("m")).toBe("auto");
  });

  it("do not blame a star for columns that it may bring", async () => {
    const project = await compileTexts({ "m.sql": "SELECT * FROM raw.x", "m.contract.toml": contract });
    expect(codes(project)).toEqual(["I001 m"]);
  });

  it("from a folder win and may name a model that is not there", async () => {
    const project = await compileTexts(
      {
        "m.sql": "SELECT id FROM raw.x",
        "m.contract.toml": contract,
        "rules/m.contract.toml": '[rules]\nrequired = ["id"]\n',
        "rules/n.contract.toml": "[rules]\n",
      },
      { contracts: "rules" },
    );
    expect(codes(project)).toEqual(["W011 n"]);
    expect(project.contracts.get("m")).toBe("explicit");
  });

  it("name the nearest type", async () => {
    const project = await compileTexts({
      "m.sql": "SELECT id FROM raw.x",
      "m.contract.toml": '[[columns]]\nname = "id"\ntype = "Int46"\n',
    });
    expect(project.diagnostics[0]).toMatchObject({
      code: "E011",
      suggestion: expect.stringContaining("Int64"),
    });
  });
});

describe("governance", () => {
  const toml = (rest: string): string =>
    `[adapter]\ntype = "duckdb"\n[pipeline.t]\ntype = "transformation"\ntarget = { adapter = "default" }\n${rest}`;
  const model = { "m.sql": "SELECT d, v FROM src.a", "m.toml": '[classification]\nv = "secret"\n' };

  it("wants a mask for each tag and freshness for times", async () => {
    expect(codes(await compileTexts(model, { ...SOURCES, toml: toml("") }))).toEqual(["W004 m", "W005 m"]);
  });

  it.each([
    ['[mask]\nsecret = "hash"\n'],
    ['[mask.prod]\nsecret = "hash"\n'],
    ['[classifications]\nallow_unmasked = ["secret"]\n'],
  ])("is content with %j", async (rest) => {
    const project = await compileTexts(model, {
      ...SOURCES,
      toml: toml(`[freshness]\nexpected_lag_seconds = 60\n${rest}`),
    });
    expect(codes(project)).toEqual([]);
  });

  it("warns of a classified column that is not put out, with the nearest, unless a star may hold it", async () => {
    const classified = '[classification]\nemial = "pii"\nKEY = "pii"\nSK = "pii"\n';
    const key = '[[surrogate_key]]\nname = "sk"\ncolumns = ["key"]\n';
    const strays = async (sql: string) =>
      (await compileTexts({ "m.sql": sql, "m.toml": classified + key }, SOURCES)).diagnostics
        .filter(({ code }) => code === "W007")
        .map(({ message, suggestion, severity }) => [severity, message, suggestion]);
    expect(await strays("SELECT key, email FROM raw.x")).toEqual([
      ["Warning", expect.stringContaining("'emial' is classified 'pii'"), "did you mean 'email'?"],
    ]);
    expect(await strays("SELECT id AS key, * FROM src.b")).toEqual([
      ["Warning", expect.stringContaining("'emial'"), "columns put out: key, id, v, n"],
    ]);
    expect(await strays("SELECT id AS key, * FROM raw.x")).toEqual([]);
    expect(await strays("SELECT id AS key, COUNT(*) FROM raw.x GROUP BY ALL")).toEqual([]);
  });
});

describe("targets", () => {
  it("have one writer, ephemeral models aside", async () => {
    const same = '[target]\ncatalog = "W"\nschema = "main"\ntable = "t"\n';
    const project = await compileTexts({
      "a.sql": "SELECT 1 AS x",
      "a.toml": same,
      "b.sql": "SELECT 2 AS x",
      "b.toml": same.toLowerCase(),
      "c.sql": "SELECT 3 AS x",
      "c.toml": same + strategy('type = "ephemeral"'),
    });
    expect(codes(project)).toEqual(["E036 a", "E036 b"]);
  });
});

describe("run variables", () => {
  it("must have a value", async () => {
    const models = { "m.sql": "SELECT @var(region) AS r, @var(kind, 'x') AS k" };
    expect(codes(await compileTexts(models))).toEqual(["E028 m"]);
    expect(codes(await compileTexts(models, { variables: { region: "'eu'" } }))).toEqual([]);
  });
});

describe("portability", () => {
  const SQL = "SELECT NVL(a, 0) AS a,\n  b::INT AS b, 'nvl(x)' AS t -- nvl(y)\nFROM raw.x WHERE c ILIKE 'x'";
  const found = async (sql: string, portability?: { dialect: "duckdb" | "bigquery"; allow: string[] }) =>
    (await compileTexts({ "m.sql": sql }, portability === undefined ? {} : { portability })).diagnostics
      .filter(({ code }) => code === "P001")
      .map(({ message, span }) => `${message} ${span?.line}:${span?.col}`);

  it("is asked only of a chosen warehouse, and of code alone", async () => {
    expect(await found(SQL)).toEqual([]);
    expect(await found(SQL, { dialect: "duckdb", allow: [] })).toEqual(["NVL is not known to duckdb 1:8"]);
    expect(await found(SQL, { dialect: "bigquery", allow: [] })).toEqual([
      "NVL is not known to bigquery 1:8",
      "ILIKE is not known to bigquery 3:20",
      ":: is not known to bigquery 2:4",
    ]);
  });

  it("can be waived for the project and in a remark", async () => {
    expect(await found(SQL, { dialect: "bigquery", allow: [" nvl", "::"] })).toEqual([
      "ILIKE is not known to bigquery 3:20",
    ]);
    const remark = `-- rocky-allow: NVL, ilike\n${SQL}`;
    expect(await found(remark, { dialect: "bigquery", allow: ["::"] })).toEqual([]);
  });
});
