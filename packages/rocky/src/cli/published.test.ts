import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedProblems, publishedSchemas } from "../output/published-schemas.ts";
import { createTempProject, type TempProject } from "../run/fixture.ts";

// The built program, as users have it; `npm test` builds before it tests.
const program = fileURLToPath(new URL("../../bin/rocky.js", import.meta.url));

const CONFIG = `[adapter]
type = "duckdb"
path = "w.duckdb"

[pipeline.raw]
strategy = "incremental"
timestamp_column = "synced"
[pipeline.raw.source.schema_pattern]
prefix = "src__"
separator = "__"
components = ["app"]
[pipeline.raw.target]
catalog_template = "w"
schema_template = "raw_{app}"
governance = { auto_create_schemas = true }
[pipeline.raw.checks]
enabled = true
row_count = true
column_match = true
freshness = { threshold_seconds = 1 }
null_rate = { columns = ["amount"], threshold = 0.1, sample_percent = 100 }
custom = [{ name = "few", sql = "SELECT count(*) FROM {table}", threshold = 1 }]

[pipeline.marts]
type = "transformation"
depends_on = ["raw"]
target = {}

[pipeline.quality]
type = "quality"
tables = [{ catalog = "w", schema = "raw_shop", table = "orders" }]
target = {}
checks = { enabled = true, assertions = [{ table = "orders", type = "not_null", column = "amount" }] }

[pipeline.kept]
type = "snapshot"
unique_key = ["id"]
updated_at = "synced"
source = { catalog = "w", schema = "src__shop", table = "orders" }
target = { catalog = "w", schema = "main", table = "orders_kept" }

[pipeline.files]
type = "load"
source_dir = "incoming"
target = { catalog = "w", schema = "main" }

[mask]
pii = "hash"
[hook.on_pipeline_start]
command = "true"
`;

const FILES: Readonly<Record<string, string>> = {
  "rocky.toml": CONFIG,
  "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
  "models/totals.sql":
    "SELECT id, sum(amount) AS total, max(synced) AS day FROM w.raw_shop.orders GROUP BY id",
  "models/totals.toml": `retention = "30d"
[classification]
total = "pii"
id = "unknown_tag"
[[tests]]
type = "not_null"
column = "total"
[[test]]
name = "sums"
[[test.given]]
ref = "w.raw_shop.orders"
rows = [{ id = 1, amount = 2, synced = "2026-01-01" }]
[test.expect]
rows = [{ id = 1, total = 2 }]
`,
  "models/totals.contract.toml": '[rules]\nrequired = ["id"]\n',
  "models/daily.sql":
    "SELECT day, count(*) AS n FROM totals WHERE day >= @start_date AND day < @end_date GROUP BY day",
  "models/daily.toml": `depends_on = ["totals"]
[strategy]
type = "time_interval"
time_column = "day"
granularity = "day"
first_partition = "2026-01-01"
`,
  "data/seed.sql":
    "CREATE SCHEMA raw_shop; CREATE TABLE raw_shop.orders AS SELECT 1 AS id, 2 AS amount, TIMESTAMP '2026-01-01' AS synced;",
  "seeds/countries.csv": "code,name\nde,Germany\n",
  "seeds/countries.toml": '[target]\nschema = "main"\n',
  "incoming/extra.csv": "a,b\n1,2\n",
};

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

let project: TempProject;
beforeAll(async () => {
  project = createTempProject(FILES);
  await project.sql(
    "CREATE SCHEMA src__shop",
    "CREATE TABLE src__shop.orders AS SELECT 1 AS id, 2 AS amount, TIMESTAMP '2026-01-01 00:00:00.5' AS synced UNION ALL SELECT 2, NULL, TIMESTAMP '2026-01-02'",
  );
});
afterAll(() => project[Symbol.dispose]());

const rocky = (argv: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...argv],
      { cwd: project.cwd },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });

/** In this order, because later commands look at what earlier ones have done. */
const COMMANDS: readonly (readonly [schema: string, command: string, exitCode: number])[] = [
  ["validate", "validate", 0],
  ["discover", "discover --pipeline raw", 0],
  ["compile", "compile", 0],
  ["dag", "dag --column-lineage", 0],
  ["plan", "plan --pipeline raw --env prod", 0],
  ["run", "run --pipeline raw", 0],
  ["run", "run --pipeline raw --filter app=none", 0],
  ["run", "run --pipeline marts --partition 2026-01-01", 0],
  ["run", "run --model totals --pipeline marts", 0],
  ["run", "run --model nothing --pipeline marts", 1],
  ["run", "run --pipeline raw --shadow", 0],
  ["run", "run --pipeline raw --resume-latest", 0],
  ["run", "run --pipeline quality", 1],
  ["run", "run --pipeline kept", 0],
  ["load", "run --pipeline files", 0],
  ["load", "load --pipeline files --truncate", 0],
  ["seed", "seed --pipeline raw", 0],
  ["dag_run", "run --dag", 1],
  ["lineage", "lineage totals", 0],
  ["column_lineage", "lineage totals --column total", 0],
  ["state", "state", 0],
  ["state", "state show", 0],
  ["state_retention_sweep", "state retention sweep --dry-run", 0],
  ["history", "history", 0],
  ["model_history", "history --model totals --rolling-stats", 0],
  ["optimize", "optimize", 0],
  ["metrics", "metrics orders --trend --alerts", 0],
  ["cost", "cost latest", 0],
  ["trace", "trace latest", 0],
  ["compliance", "compliance --env prod", 0],
  ["retention_status", "retention-status", 0],
  ["doctor", "doctor --verbose", 0],
  ["hooks_list", "hooks list", 0],
  ["hooks_test", "hooks test on_pipeline_start", 0],
  ["test", "test --pipeline marts", 0],
  ["test", "test --declarative --pipeline marts", 1],
  ["ci", "ci", 4],
  ["catalog", "catalog", 0],
  ["compare", "compare --pipeline raw", 0],
  ["estimate", "estimate", 0],
  ["profile", "profile totals", 0],
  ["profile", "profile daily --column n --sample 10", 0],
  ["branch", "branch create fix --description x", 0],
  ["branch", "branch show fix", 0],
];

/** Published shapes that no command here prints, and why. */
const WITHOUT_COMMAND: Readonly<Record<string, string>> = {
  adapter_config: "a part of the configuration file",
  apply: "an envelope that applying a run's plan does not print",
  archive: "storage of Delta tables",
  audit: "the ledger of policies for agents",
  compact: "storage of Delta tables",
  error_envelope: "an answer of the HTTP server, see `serve`",
  job_status: "an answer of the HTTP server, see `serve`",
  lineage_diff: "needs a repository, see the test below",
  profile_storage: "storage of Delta tables",
  rocky_project: "the configuration file",
};

describe.runIf(publishedSchemas().length > 0)("what the program prints", () => {
  it.each(COMMANDS)("fits the published shape %s: rocky %s", async (schema, command, exitCode) => {
    const answer = await rocky(command.split(" "));
    expect([answer.exitCode, answer.stderr]).toEqual([exitCode, expect.any(String)]);
    const payload: unknown = JSON.parse(answer.stdout);
    expect(publishedProblems(schema, payload)).toEqual([]);
    expect(answer.stdout).toBe(`${JSON.stringify(payload, null, 2)}\n`);
    for (const line of answer.stderr.split("\n"))
      if (line.startsWith("{")) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
  });

  it("fits when a plan is applied", async () => {
    const plan = JSON.parse((await rocky(["plan", "--pipeline", "raw"])).stdout) as { plan_id: string };
    const applied = await rocky(["apply", plan.plan_id]);
    expect(applied.exitCode).toBe(0);
    expect(publishedProblems("run", JSON.parse(applied.stdout))).toEqual([]);
  });

  it("leaves no published shape out without a reason", () => {
    const printed = new Set(COMMANDS.map(([schema]) => schema));
    const missing = publishedSchemas().filter((name) => !printed.has(name) && !(name in WITHOUT_COMMAND));
    expect(missing).toEqual([]);
    expect(Object.keys(WITHOUT_COMMAND).filter((name) => printed.has(name))).toEqual([]);
  });
});
