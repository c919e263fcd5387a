import { expect, test } from "vitest";
import type { SqlRow } from "../../adapters/adapter.ts";
import { seededRandom } from "../../seeded-random.ts";
import { createTempProject, replicationToml, type TempProject, transformationToml } from "../fixture.ts";

// Every strategy against what a person would write by hand, over data that changes in ways nobody planned for: missing
// keys, duplicates, late rows, odd names, new and lost columns. The seed is in a failing test's name.

const randomFrom = (seed: number) => {
  const next = seededRandom(seed);
  return {
    below: (limit: number): number => Math.floor(next() * limit),
    chance: (share: number): boolean => next() < share,
  };
};
type Random = ReturnType<typeof randomFrom>;

const COLUMNS =
  'id INTEGER, grp VARCHAR, "Order" INTEGER, "größe" DECIMAL(10,2), ts TIMESTAMP, zoned TIMESTAMPTZ';

/** Around the hour that Europe's clocks skip, on both sides of midnight UTC. */
const moment = (random: Random): string =>
  random.chance(0.1)
    ? "NULL"
    : `TIMESTAMP '2025-03-28 22:00:00' + INTERVAL (${random.below(4 * 24 * 60)}) MINUTE + INTERVAL (${random.below(1_000_000)}) MICROSECOND`;

const row = (random: Random, id: string): string => {
  const grp = random.chance(0.15) ? "NULL" : `'g${random.below(4)}'`;
  const at = moment(random);
  return `(${id}, ${grp}, ${random.below(100)}, ${random.below(10_000)} / 100, ${at}, (${at}) AT TIME ZONE 'UTC')`;
};

const newRows = (random: Random, table: string, from: number): string => {
  const rows = Array.from({ length: random.below(30) }, (_, at) =>
    row(
      random,
      random.chance(0.1) ? "NULL" : String(from + (random.chance(0.2) ? -random.below(from + 1) : at)),
    ),
  );
  return rows.length === 0 ? "SELECT 1" : `INSERT INTO ${table} VALUES ${rows.join(", ")}`;
};

const changes = (random: Random, table: string): readonly string[] => [
  `UPDATE ${table} SET "Order" = "Order" + 1, ts = ts + INTERVAL 1 DAY, zoned = zoned + INTERVAL 1 DAY WHERE "Order" % 5 = ${random.below(5)}`,
  `DELETE FROM ${table} WHERE "Order" % 9 = ${random.below(9)}`,
  newRows(random, table, 100 * (1 + random.below(5))),
];

/** Rows that only one side has; both relations may hold the same row several times. */
const difference = async (project: TempProject, left: string, right: string): Promise<readonly SqlRow[]> =>
  project.sql(
    `(SELECT 'missing', * FROM ((${right}) EXCEPT ALL (${left}))) UNION ALL (SELECT 'surplus', * FROM ((${left}) EXCEPT ALL (${right})))`,
  );

const model = (name: string, strategy: string, sql: string): Record<string, string> => ({
  [`models/${name}.sql`]: sql,
  [`models/${name}.toml`]: `[target]\ncatalog = "w"\nschema = "m"\n[strategy]\n${strategy}\n`,
});

const all = 'SELECT id, grp, "Order", "größe", ts, zoned FROM src.data';
const keyed = `${all} WHERE id IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY "Order" DESC, ts, zoned, "größe") = 1`;
const window = (column: string): string => `${all} WHERE ${column} >= @start_date AND ${column} < @end_date`;
const interval = (column: string, granularity: string): string =>
  `type = "time_interval"\ntime_column = "${column}"\ngranularity = "${granularity}"`;

const models = {
  ...model("full_copy", 'type = "full_refresh"', all),
  ...model("appended", 'type = "incremental"\ntimestamp_column = "ts"', all),
  ...model(
    "newer",
    'type = "incremental"\ntimestamp_column = "ts"',
    `${all} WHERE ts > (SELECT COALESCE(MAX(ts), TIMESTAMP '2000-01-01') FROM w.m.newer)`,
  ),
  ...model(
    "batches",
    'type = "microbatch"\ntimestamp_column = "ts"\ngranularity = "day"',
    `${all} WHERE grp = 'g1'`,
  ),
  ...model("merged", 'type = "merge"\nunique_key = ["id"]', keyed),
  ...model("merged_partly", 'type = "merge"\nunique_key = ["id"]\nupdate_columns = ["Order"]', keyed),
  ...model("replaced", 'type = "delete_insert"\npartition_by = ["grp"]', `${all} WHERE "Order" > 50`),
  ...model("days", interval("ts", "day"), window("ts")),
  ...model("zoned_days", interval("zoned", "day"), window("zoned")),
  ...model("shown", 'type = "view"', all),
  ...model("inner_part", 'type = "ephemeral"', all),
  ...model(
    "reader",
    'type = "full_refresh"',
    "SELECT inner_part.grp, COUNT(*) AS n FROM inner_part GROUP BY 1",
  ),
};

/** What each run means for the tables, written by hand. */
const byHand = (first: boolean): readonly string[] => {
  const into = (table: string, query: string): readonly string[] =>
    first ? [`CREATE TABLE hand.${table} AS ${query}`] : [`INSERT INTO hand.${table} ${query}`];
  const partition = (table: string, column: string, start: string, end: string): readonly string[] => [
    ...(first ? [`CREATE TABLE IF NOT EXISTS hand.${table} AS ${all} LIMIT 0`] : []),
    `DELETE FROM hand.${table} WHERE ${column} >= '${start}+00'::TIMESTAMPTZ::TIMESTAMP AND ${column} < '${end}+00'::TIMESTAMPTZ::TIMESTAMP`,
    `INSERT INTO hand.${table} ${all} WHERE ${column} >= '${start}+00'::TIMESTAMPTZ::TIMESTAMP AND ${column} < '${end}+00'::TIMESTAMPTZ::TIMESTAMP`,
  ];
  return [
    "SET TimeZone = 'UTC'",
    ...into("appended", all),
    ...into(
      "newer",
      `${all} WHERE ts > ${first ? "TIMESTAMP '2000-01-01'" : "(SELECT COALESCE(MAX(ts), TIMESTAMP '2000-01-01') FROM hand.newer)"}`,
    ),
    ...into("batches", `${all} WHERE grp = 'g1'`),
    ...(first ? [] : [`DELETE FROM hand.merged WHERE id IN (SELECT id FROM (${keyed}))`]),
    ...into("merged", keyed),
    ...(first
      ? into("merged_partly", keyed)
      : [
          `UPDATE hand.merged_partly t SET "Order" = s."Order" FROM (${keyed}) s WHERE s.id = t.id`,
          `INSERT INTO hand.merged_partly SELECT * FROM (${keyed}) s WHERE s.id NOT IN (SELECT id FROM hand.merged_partly)`,
        ]),
    ...(first
      ? []
      : [
          `DELETE FROM hand.replaced t WHERE EXISTS (SELECT 1 FROM (${all} WHERE "Order" > 50) s WHERE s.grp IS NOT DISTINCT FROM t.grp)`,
        ]),
    ...into("replaced", `${all} WHERE "Order" > 50`),
    ...partition("days", "ts", "2025-03-29 00:00:00", "2025-03-31 00:00:00"),
    ...partition("zoned_days", "zoned", "2025-03-29 00:00:00", "2025-03-31 00:00:00"),
  ];
};

test.each([1, 2])("models are what their strategies say, seed %i", async (seed) => {
  const random = randomFrom(seed);
  // The first load of a table that reads itself needs the table.
  using project = createTempProject({ "rocky.toml": transformationToml, ...models });
  await project.sql(
    "CREATE SCHEMA src",
    "CREATE SCHEMA m",
    "CREATE SCHEMA hand",
    `CREATE TABLE src.data (${COLUMNS})`,
    ...(random.chance(0.3) ? [] : [newRows(random, "src.data", 100)]),
    `CREATE TABLE m.newer (${COLUMNS})`,
  );
  for (let round = 0; round < 3; round += 1) {
    const { output, exitCode } = await project.run("--from", "2025-03-29", "--to", "2025-03-30");
    expect([exitCode, output.errors]).toEqual([0, undefined]);
    await project.sql(...byHand(round === 0));
    for (const table of [
      "appended",
      "newer",
      "batches",
      "merged",
      "merged_partly",
      "replaced",
      "days",
      "zoned_days",
    ])
      expect([table, round, await difference(project, `FROM m.${table}`, `FROM hand.${table}`)]).toEqual([
        table,
        round,
        [],
      ]);
    for (const table of ["full_copy", "shown"])
      expect([table, await difference(project, `FROM m.${table}`, all)]).toEqual([table, []]);
    expect(
      await difference(project, "FROM m.reader", "SELECT grp, COUNT(*) FROM src.data GROUP BY 1"),
    ).toEqual([]);
    await project.sql(...changes(random, "src.data"));
  }
});

/** One change of the source's shape; what it means for a copy is written beside it. */
const reshaping = (
  random: Random,
  round: number,
): { readonly source: string; readonly hand: readonly string[] } => {
  switch (random.below(4)) {
    case 0:
      return {
        source: `ALTER TABLE raw__s.t ADD COLUMN "neu ${round}" INTEGER DEFAULT ${round}`,
        hand: [`ALTER TABLE hand.%s ADD COLUMN "neu ${round}" INTEGER`],
      };
    case 1:
      return {
        source: 'ALTER TABLE raw__s.t ALTER COLUMN "Order" TYPE BIGINT',
        hand: ['ALTER TABLE hand.%s ALTER COLUMN "Order" TYPE BIGINT'],
      };
    case 2:
      // The copy keeps a column that the source has lost.
      return { source: "ALTER TABLE raw__s.t DROP COLUMN IF EXISTS zoned", hand: [] };
    default:
      return { source: "SELECT 1", hand: [] };
  }
};

const copyToml = (strategy: string): string =>
  replicationToml(`strategy = "${strategy}"\ntimestamp_column = "ts"\nmerge_keys = ["id"]`);

test.each([11, 12])("copies follow their source, seed %i", async (seed) => {
  const random = randomFrom(seed);
  using project = createTempProject({});
  await project.sql(
    "CREATE SCHEMA raw__s",
    "CREATE SCHEMA hand",
    `CREATE TABLE raw__s.t (${COLUMNS})`,
    newRows(random, "raw__s.t", 100),
  );
  for (let round = 0; round < 4; round += 1) {
    for (const strategy of ["full_refresh", "incremental", "merge"]) {
      project.write({ "rocky.toml": copyToml(strategy).replaceAll("copy_", `${strategy}_`) });
      const { exitCode, stderr } = await project.invoke(["--state-path", `${strategy}.state`, "run"]);
      expect([strategy, exitCode, exitCode === 0 ? "" : stderr]).toEqual([strategy, 0, ""]);
    }
    if (round === 0) {
      await project.sql(
        ...["incremental", "merge"].map((name) => `CREATE TABLE hand.${name} AS FROM raw__s.t`),
      );
    } else {
      await project.sql(
        "INSERT INTO hand.incremental BY NAME FROM raw__s.t WHERE ts > COALESCE((SELECT MAX(ts) FROM hand.incremental), TIMESTAMP '1970-01-01')",
        'UPDATE hand.merge t SET grp = s.grp, "Order" = s."Order", "größe" = s."größe", ts = s.ts FROM raw__s.t s WHERE s.id = t.id',
        "INSERT INTO hand.merge BY NAME FROM raw__s.t s WHERE s.id IS NULL OR s.id NOT IN (SELECT id FROM hand.merge WHERE id IS NOT NULL)",
      );
    }
    expect(await difference(project, "FROM full_refresh_s.t", "FROM raw__s.t")).toEqual([]);
    expect(await difference(project, "FROM incremental_s.t", "FROM hand.incremental")).toEqual([]);
    const stable = 'SELECT id, grp, "Order", "größe", ts FROM';
    expect(await difference(project, `${stable} merge_s.t`, `${stable} hand.merge`)).toEqual([]);
    const reshaped = reshaping(random, round);
    await project.sql(
      `UPDATE raw__s.t SET "Order" = "Order" + 1, ts = ts + INTERVAL 1 DAY WHERE "Order" % 5 = ${random.below(5)}`,
      `DELETE FROM raw__s.t WHERE "Order" % 9 = ${random.below(9)}`,
      `INSERT INTO raw__s.t (id, grp, "Order", "größe", ts) SELECT ${1000 * (round + 1)} + i, 'g' || i % 3, i, i / 10, TIMESTAMP '2025-03-30 01:30:00' + INTERVAL (i * ${1 + random.below(90)}) MINUTE FROM range(${random.below(20)}) r(i)`,
      reshaped.source,
      ...["incremental", "merge"].flatMap((name) =>
        reshaped.hand.map((statement) => statement.replace("%s", name)),
      ),
    );
  }
});
