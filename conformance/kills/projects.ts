/** What gets killed. Every project is prepared once; its disturbed command then runs on copies of it. */
export interface Killed {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Source data, and what changes between the commands that prepare and the one that is killed. */
  readonly before: readonly string[];
  readonly prepare: readonly (readonly string[])[];
  readonly changes: readonly string[];
  readonly command: readonly string[];
  /** Columns that hold the time of the run: only whether they are NULL is compared. */
  readonly moments?: readonly string[];
}

const adapter = '[adapter]\ntype = "duckdb"\npath = "w.duckdb"\n';

const replication = (settings: string): string => `${adapter}
[pipeline.p]
${settings}
metadata_columns = [{ name = "origin", type = "VARCHAR", value = "'{source}'" }]
checks = { enabled = true, row_count = true }
[pipeline.p.source.schema_pattern]
prefix = "raw__"
separator = "__"
components = ["source"]
[pipeline.p.target]
catalog_template = "w"
schema_template = "copy_{source}"
governance = { auto_create_schemas = true }
`;

const transformation = `${adapter}
[pipeline.t]
type = "transformation"
[pipeline.t.target]
adapter = "default"
governance = { auto_create_schemas = true }
`;

const model = (name: string, strategy: string, sql: string): Record<string, string> => ({
  [`models/${name}.sql`]: sql,
  [`models/${name}.toml`]: `[target]\ncatalog = "w"\nschema = "m"\n[strategy]\n${strategy}\n`,
});

const rows = (from: number, to: number): string =>
  `SELECT i AS id, i % 7 AS k, md5(i::VARCHAR) AS v, TIMESTAMP '2025-01-01' + INTERVAL (i) MINUTE AS ts FROM range(${from}, ${to}) r(i)`;

const sources = ["a", "b"].flatMap((name) => [
  `CREATE SCHEMA raw__${name}`,
  ...["one", "two", "three"].map((table) => `CREATE TABLE raw__${name}.${table} AS ${rows(0, 4000)}`),
]);
const moreRows = ["a", "b"].flatMap((name) =>
  ["one", "two", "three"].map((table) => `INSERT INTO raw__${name}.${table} ${rows(4000, 6000)}`),
);
const rest = "FROM src.t";

const models = {
  ...model("full", 'type = "full_refresh"', `SELECT * ${rest}`),
  ...model("appended", 'type = "incremental"\ntimestamp_column = "ts"', `SELECT id, v, ts ${rest}`),
  ...model(
    "newer",
    'type = "incremental"\ntimestamp_column = "ts"',
    `SELECT id, ts ${rest} WHERE ts > (SELECT MAX(ts) FROM w.m.seen)`,
  ),
  ...model("seen", 'type = "full_refresh"', "SELECT TIMESTAMP '2025-01-02' AS ts"),
  ...model(
    "batches",
    'type = "microbatch"\ntimestamp_column = "ts"\ngranularity = "day"',
    `SELECT id, ts ${rest}`,
  ),
  ...model("merged", 'type = "merge"\nunique_key = ["id"]', `SELECT id, v ${rest}`),
  ...model("replaced", 'type = "delete_insert"\npartition_by = ["k"]', `SELECT k, id, v ${rest}`),
  ...model(
    "days",
    'type = "time_interval"\ntime_column = "ts"\ngranularity = "day"\nfirst_partition = "2025-01-01"',
    `SELECT id, ts ${rest} WHERE ts >= @start_date AND ts < @end_date`,
  ),
  ...model("shown", 'type = "view"', 'SELECT k, COUNT(*) AS n FROM "full" GROUP BY k'),
  ...model("inner_part", 'type = "ephemeral"', "SELECT k FROM merged JOIN replaced USING (id)"),
  ...model("last", 'type = "full_refresh"', "SELECT k, COUNT(*) AS n FROM inner_part GROUP BY k"),
};
const days = ["--from", "2025-01-01", "--to", "2025-01-05"];
const source = ["CREATE SCHEMA src", `CREATE TABLE src.t AS ${rows(0, 5000)}`];

const csv = (from: number): string =>
  ["id,v", ...Array.from({ length: 3000 }, (_, at) => `${from + at},${(from + at) * 7}`)].join("\n");
const data = Object.fromEntries(
  ["a", "b", "c", "d", "e"].map((name, at) => [`data/${name}.csv`, csv(at * 3000)]),
);
const load = (options: string): string => `${adapter}
[pipeline.l]
type = "load"
source_dir = "data"
${options}
`;
const oneTable = 'target = { catalog = "w", schema = "main", table = "everything" }';

export const killed: readonly Killed[] = [
  {
    name: "first copy",
    files: { "rocky.toml": replication('strategy = "incremental"\ntimestamp_column = "ts"') },
    before: sources,
    prepare: [],
    changes: [],
    command: ["run"],
  },
  {
    name: "incremental copy",
    files: { "rocky.toml": replication('strategy = "incremental"\ntimestamp_column = "ts"') },
    before: sources,
    prepare: [["run"]],
    changes: [...moreRows, "ALTER TABLE raw__a.one ADD COLUMN extra INTEGER DEFAULT 7"],
    command: ["run"],
  },
  {
    name: "merging copy",
    files: { "rocky.toml": replication('strategy = "merge"\nmerge_keys = ["id"]') },
    before: sources,
    prepare: [["run"]],
    changes: [...moreRows, "UPDATE raw__b.two SET v = 'changed' WHERE k = 3"],
    command: ["run"],
  },
  {
    name: "first build",
    files: { "rocky.toml": transformation, ...models },
    before: source,
    prepare: [],
    changes: [],
    command: ["run", ...days],
  },
  {
    name: "later build",
    files: { "rocky.toml": transformation, ...models },
    before: source,
    prepare: [["run", ...days]],
    changes: [`INSERT INTO src.t ${rows(5000, 7000)}`, "UPDATE src.t SET v = 'changed' WHERE k = 2"],
    command: ["run", ...days],
  },
  {
    name: "apply",
    files: { "rocky.toml": replication('strategy = "incremental"\ntimestamp_column = "ts"') },
    before: sources,
    prepare: [["run"]],
    changes: moreRows,
    command: ["apply", "PLAN"],
  },
  {
    name: "load",
    files: { "rocky.toml": load(oneTable), ...data },
    before: [],
    prepare: [["load"]],
    changes: [],
    command: ["load"],
  },
  {
    name: "first load, a table a file",
    files: { "rocky.toml": load('target = { catalog = "w", schema = "main" }'), ...data },
    before: [],
    prepare: [],
    changes: [],
    command: ["run"],
  },
  {
    name: "replacing load",
    files: { "rocky.toml": load(`${oneTable}\noptions = { truncate_first = true }`), ...data },
    before: [],
    prepare: [["run"]],
    changes: [],
    command: ["run"],
  },
  {
    name: "seed",
    files: {
      "rocky.toml": transformation,
      ...Object.fromEntries(
        Object.entries(data).map(([name, text]) => [name.replace("data/", "seeds/"), text]),
      ),
    },
    before: [],
    prepare: [],
    changes: [],
    command: ["seed"],
  },
  {
    name: "snapshot",
    files: {
      "rocky.toml": `${adapter}
[pipeline.s]
type = "snapshot"
unique_key = ["id"]
updated_at = "ts"
invalidate_hard_deletes = true
source = { catalog = "w", schema = "src", table = "t" }
target = { catalog = "w", schema = "h", table = "t", governance = { auto_create_schemas = true } }
`,
    },
    before: source,
    prepare: [["run"]],
    changes: [
      "UPDATE src.t SET ts = ts + INTERVAL 1 DAY, v = 'changed' WHERE k = 1",
      "DELETE FROM src.t WHERE k = 2",
      `INSERT INTO src.t ${rows(5000, 6000)}`,
    ],
    command: ["run"],
    moments: ["valid_from", "valid_to"],
  },
  {
    name: "graph",
    files: {
      "rocky.toml": `${transformation}
[pipeline.l]
type = "load"
source_dir = "data"
target = { catalog = "w", schema = "main", table = "everything" }
`,
      ...models,
      ...data,
      "seeds/codes.csv": "code,name\n1,x\n2,y\n",
    },
    before: source,
    prepare: [],
    changes: [],
    command: ["run", "--dag", ...days],
  },
];
