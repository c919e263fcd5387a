import { expect, test } from "vitest";
import type { SqlRow } from "../adapters/adapter.ts";
import { seededRandom } from "../seeded-random.ts";
import { createTempProject, type TempProject } from "./fixture.ts";

// Snapshots, loads and checks over random data, against what was done to the data or what SQL by hand counts.

const adapter = '[adapter]\ntype = "duckdb"\npath = "w.duckdb"\n';
const below = (random: () => number, limit: number): number => Math.floor(random() * limit);

const snapshotToml = `${adapter}
[pipeline.h]
type = "snapshot"
unique_key = ["id", "region"]
updated_at = "changed"
invalidate_hard_deletes = true
source = { catalog = "w", schema = "main", table = "people" }
target = { catalog = "w", schema = "main", table = "history" }
`;

interface Person {
  readonly value: number;
  readonly changed: string;
}

/** `NULL` keys and times are values like any other. */
const write = (project: TempProject, people: ReadonlyMap<string, Person>): Promise<unknown> => {
  const rows = [...people].map(([key, { value, changed }]) => `(${key}, ${value}, ${changed})`);
  return project.sql(
    "DELETE FROM people",
    ...(rows.length === 0 ? [] : [`INSERT INTO people VALUES ${rows.join(", ")}`]),
  );
};

test.each([1, 2])("a history holds every state that a snapshot saw, seed %i", async (seed) => {
  const random = seededRandom(seed);
  using project = createTempProject({ "rocky.toml": snapshotToml });
  await project.sql("CREATE TABLE people (id INTEGER, region VARCHAR, value INTEGER, changed TIMESTAMP)");
  const people = new Map<string, Person>();
  const versions = new Map<string, Person[]>();
  for (let round = 0; round < 5; round += 1) {
    for (let change = below(random, 12); change > 0; change -= 1) {
      const key = `${random() < 0.1 ? "NULL" : below(random, 6)}, ${random() < 0.2 ? "NULL" : `'r${below(random, 2)}'`}`;
      const changed =
        random() < 0.1 ? "NULL" : `TIMESTAMP '2025-01-01' + INTERVAL (${below(random, 50)}) DAY`;
      if (random() < 0.25) people.delete(key);
      else people.set(key, { value: below(random, 100), changed });
    }
    await write(project, people);
    const open = new Map(
      [...versions].flatMap(([key, all]) => (all.at(-1) === undefined ? [] : [[key, all.at(-1)]])),
    );
    const { exitCode } = await project.run();
    expect(exitCode).toBe(0);
    // By hand: a version begins when its key appears or its time changes, and ends when the key goes.
    for (const [key, person] of people) {
      const all = versions.get(key) ?? [];
      if (open.get(key) === undefined || open.get(key)?.changed !== person.changed)
        versions.set(key, [...all, person]);
    }
    for (const [key, all] of versions)
      if (!people.has(key) && all.at(-1) !== undefined) versions.set(key, [...all, CLOSED]);
    const counted = [...versions].map(
      ([key, all]) => `(${key}, ${all.filter((one) => one !== CLOSED).length}, ${people.has(key)})`,
    );
    const byHand =
      counted.length === 0 ? "SELECT 1, 'x', 1, TRUE WHERE FALSE" : `VALUES ${counted.join(", ")}`;
    const told = "SELECT id, region, COUNT(*)::INTEGER, BOOL_OR(valid_to IS NULL) FROM history GROUP BY ALL";
    expect(await project.sql(`(${told}) EXCEPT (${byHand})`)).toEqual([]);
    expect(await project.sql(`(${byHand}) EXCEPT (${told})`)).toEqual([]);
    expect(
      await project.sql(
        "SELECT * FROM history a JOIN history b ON a.id IS NOT DISTINCT FROM b.id AND a.region IS NOT DISTINCT FROM b.region " +
          "AND a.rowid <> b.rowid AND a.valid_from < COALESCE(b.valid_to, TIMESTAMP '9999-01-01') " +
          "AND b.valid_from < COALESCE(a.valid_to, TIMESTAMP '9999-01-01')",
      ),
    ).toEqual([]);
  }
});

/** Stands in a list of versions for the end of the one before. */
const CLOSED: Person = { value: -1, changed: "" };

test.each([21, 22])("a load brings what its files hold, seed %i", async (seed) => {
  const random = seededRandom(seed);
  const texts = ["plain", '"a, b"', '"he said ""no"""', "", "ünïcode", '"two\nlines"', "007", "NULL", "1e5"];
  const file = (): string =>
    [
      "id,text,at",
      ...Array.from({ length: below(random, 40) }, () => {
        const at = random() < 0.2 ? "" : `2025-03-30 0${below(random, 10)}:30:00`;
        return `${random() < 0.1 ? "" : below(random, 1000)},${texts[below(random, texts.length)] ?? ""},${at}`;
      }),
    ].join("\n");
  const files = Object.fromEntries(["a", "b", "c"].map((name) => [`data/${name}.csv`, `${file()}\n`]));
  using project = createTempProject({
    "rocky.toml": `${adapter}
[pipeline.l]
type = "load"
source_dir = "data"
target = { catalog = "w", schema = "main", table = "everything" }
`,
    ...files,
  });
  const columns = "columns = {'id': 'BIGINT', 'text': 'VARCHAR', 'at': 'TIMESTAMP'}";
  await project.sql('CREATE TABLE everything (id BIGINT, text VARCHAR, "at" TIMESTAMP)');
  for (let times = 1; times <= 2; times += 1) {
    const { exitCode, payload } = await project.invoke(["load"]);
    expect(exitCode).toBe(0);
    const byHand = Array.from(
      { length: times },
      () =>
        `SELECT * FROM read_csv('${project.cwd}/data/*.csv', header = true, delim = ',', quote = '"', escape = '"', ${columns})`,
    ).join(" UNION ALL ");
    expect(await project.sql(`(${byHand}) EXCEPT ALL (FROM everything)`)).toEqual([]);
    expect(await project.sql(`(FROM everything) EXCEPT ALL (${byHand})`)).toEqual([]);
    const [[count]] = (await project.sql(`SELECT COUNT(*) FROM (${byHand})`)) as readonly [SqlRow];
    expect(payload).toMatchObject({ total_rows: Number(count) / times });
  }
});

test.each([31, 32])(
  "checks count what SQL by hand counts, and quarantine loses no row, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const min = below(random, 30);
    const assertions: readonly (readonly [string, string])[] = [
      ['type = "not_null"\ncolumn = "id"', "SELECT COUNT(*) FROM o WHERE id IS NULL"],
      [
        'type = "unique"\ncolumn = "id"',
        "SELECT COUNT(*) FROM (SELECT id FROM o GROUP BY id HAVING COUNT(*) > 1)",
      ],
      [
        'type = "composite"\nkind = "unique"\ncolumns = ["id", "v"]',
        "SELECT COUNT(*) FROM (SELECT id, v FROM o GROUP BY ALL HAVING COUNT(*) > 1)",
      ],
      [
        `type = "in_range"\ncolumn = "v"\nmin = "${min}"\nmax = "70"`,
        `SELECT COUNT(*) FROM o WHERE v < ${min} OR v > 70`,
      ],
      [
        'type = "accepted_values"\ncolumn = "c"\nvalues = ["a", "b\'s"]',
        "SELECT COUNT(DISTINCT c) FROM o WHERE c NOT IN ('a', 'b''s')",
      ],
      [
        'type = "regex_match"\ncolumn = "c"\npattern = "^[ab]"',
        "SELECT COUNT(*) FROM o WHERE NOT regexp_matches(c, '^[ab]')",
      ],
      [
        'type = "expression"\nexpression = "v % 2 = 0 OR id > 5"',
        "SELECT COUNT(*) FROM o WHERE NOT (v % 2 = 0 OR id > 5)",
      ],
      [
        'type = "relationships"\ncolumn = "id"\nto_table = "w.main.parents"\nto_column = "id"',
        "SELECT COUNT(*) FROM o WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM parents)",
      ],
    ];
    using project = createTempProject({
      "rocky.toml": `${adapter}
[pipeline.q]
type = "quality"
tables = [{ catalog = "w", schema = "main", table = "o" }]
target = { adapter = "default" }
[pipeline.q.checks]
enabled = true
${assertions.map(([rule]) => `[[pipeline.q.checks.assertions]]\ntable = "o"\n${rule}`).join("\n")}
[pipeline.q.checks.quarantine]
enabled = true
mode = "split"
`,
    });
    const value = (sql: () => string): string => (random() < 0.15 ? "NULL" : sql());
    const rows = Array.from(
      { length: 60 },
      () =>
        `(${value(() => String(below(random, 12)))}, ${value(() => String(below(random, 100)))}, ${value(() => ["'a'", "'b''s'", "'c'"][below(random, 3)] ?? "NULL")})`,
    );
    await project.sql(
      "CREATE TABLE parents AS SELECT range AS id FROM range(8)",
      "CREATE TABLE o (id INTEGER, v INTEGER, c VARCHAR)",
      `INSERT INTO o VALUES ${rows.join(", ")}`,
    );
    const { output } = await project.run();
    const told = output.check_results[0]?.checks
      .filter(({ name }) => name !== "row_count")
      .map((check) => check.failing_rows);
    const counted: number[] = [];
    for (const [, sql] of assertions) counted.push(Number((await project.sql(sql))[0]?.[0]));
    expect(told).toEqual(counted);
    const kept = "SELECT id, v, c FROM o__valid UNION ALL SELECT id, v, c FROM o__quarantine";
    expect(await project.sql(`(FROM o) EXCEPT ALL (${kept})`)).toEqual([]);
    expect(await project.sql(`(${kept}) EXCEPT ALL (FROM o)`)).toEqual([]);
    const good = `id IS NOT NULL AND NOT COALESCE(v < ${min} OR v > 70, FALSE) AND COALESCE(c IN ('a', 'b''s'), TRUE) AND COALESCE(v % 2 = 0 OR id > 5, TRUE)`;
    expect(await project.sql(`(SELECT * FROM o WHERE ${good}) EXCEPT ALL (FROM o__valid)`)).toEqual([]);
  },
);
