import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const tablesPerSource = 50;

/** A project whose state lists `assets` source tables, `tablesPerSource` to a source. */
export function writeDiscoverProject(folder: string, assets: number): void {
  const sources = Array.from({ length: Math.ceil(assets / tablesPerSource) }, (_unused, s) => ({
    id: `src_${s}`,
    components: { region: `region${s % 20}`, system: `system${s}` },
    source_type: "fivetran",
    last_sync_at: "2026-11-01T00:00:00Z",
    tables: Array.from({ length: Math.min(tablesPerSource, assets - s * tablesPerSource) }, (_table, t) => ({
      name: `table_${t}`,
      row_count: t * 100,
    })),
    metadata: { schema_prefix: `src_${s}` },
  }));
  writeProject(folder, "dag_mode: false", {
    discover: {
      version: "1.71.0",
      command: "discover",
      sources,
      checks: { freshness: { threshold_seconds: 3600 } },
    },
    dag_status: "disabled",
  });
}

/** A project whose state holds a graph of `models` models in four layers, each with two upstreams and lineage. */
export function writeDagProject(folder: string, models: number): void {
  const parents = (i: number) =>
    i < models / 4 ? [] : [i - Math.floor(models / 4), i - Math.floor(models / 5)];
  const nodes = Array.from({ length: models }, (_unused, i) => ({
    id: `transformation:model_${i}`,
    kind: "transformation",
    label: `model_${i}`,
    pipeline: "marts",
    target: { catalog: "warehouse", schema: `layer${i % 8}`, table: `model_${i}` },
    strategy: { type: "full_refresh" },
    depends_on: parents(i).map((parent) => `transformation:model_${parent}`),
  }));
  const columnLineage = nodes.flatMap((_node, i) =>
    parents(i).map((parent, n) => ({
      source: { model: `model_${parent}`, column: `column_${n}` },
      target: { model: `model_${i}`, column: `column_${n}` },
      transform: "direct",
    })),
  );
  writeProject(folder, "dag_mode: true", {
    discover: { version: "1.71.0", command: "discover", sources: [] },
    dag: {
      version: "1.71.0",
      command: "dag",
      schema_version: "1",
      nodes,
      edges: [],
      execution_layers: [],
      summary: {
        total_nodes: models,
        total_edges: 0,
        execution_layers: 4,
        counts_by_kind: { transformation: models },
      },
      column_lineage: columnLineage,
    },
    dag_status: "success",
  });
}

function writeProject(folder: string, attribute: string, state: object): void {
  const key = join(folder, ".local_defs_state/RockyComponent__rocky.toml__");
  mkdirSync(key, { recursive: true });
  writeFileSync(join(key, "state"), JSON.stringify(state));
  writeFileSync(join(folder, "rocky.toml"), '[adapter]\ntype = "duckdb"\npath = "bench.duckdb"\n');
  writeComponent(folder, attribute);
}

/** `attributes` are lines of YAML, indented by two. */
export function writeComponent(folder: string, attributes: string): void {
  writeFileSync(
    join(folder, "defs.yaml"),
    `type: dagster_rocky.RockyComponent\nattributes:\n  config_path: rocky.toml\n  ${attributes}\n  defs_state:\n    management_type: LOCAL_FILESYSTEM\n    refresh_if_dev: false\n`,
  );
}

const shopModels = {
  stg_orders: "SELECT order_id, customer_id, CAST(ordered_at AS DATE) AS day, amount FROM src__north.orders",
  stg_customers:
    "SELECT customer_id, upper(name) AS name, coalesce(town, '?') AS town FROM src__north.customers",
  days: "SELECT day, COUNT(*) AS orders FROM main.stg_orders GROUP BY day",
  open_tickets: "SELECT ticket_id FROM src__south.tickets WHERE NOT closed",
  towns: "SELECT town, COUNT(*) AS customers FROM main.stg_customers GROUP BY town",
  spending: "SELECT customer_id, SUM(amount) AS spent FROM main.stg_orders GROUP BY customer_id",
  best_customers: "SELECT c.name, s.spent FROM main.stg_customers c JOIN main.spending s USING (customer_id)",
} as const;

/** A seeded database, two sources copied from it, and models above them, in dag mode. Its state is yet to be made. */
export async function writeShopProject(folder: string, binaryPath: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, "shop.duckdb"));
  const connection = await instance.connect();
  await connection.run(`
    create schema src__north;
    create schema src__south;
    create table src__north.orders as
      select range as order_id, range % 7 as customer_id, timestamp '2026-01-01' + interval (range) hour as ordered_at,
        range * 1.5 as amount from range(100);
    create table src__north.customers as select range as customer_id, 'c' || range as name, 't' || range % 3 as town from range(7);
    create table src__south.tickets as select range as ticket_id, range % 2 = 0 as closed from range(10);`);
  connection.closeSync();
  instance.closeSync();
  mkdirSync(join(folder, "models"));
  for (const [name, sql] of Object.entries(shopModels)) {
    writeFileSync(join(folder, `models/${name}.sql`), `${sql}\n`);
    const upstream = Object.keys(shopModels).filter((other) => sql.includes(`main.${other}`));
    writeFileSync(join(folder, `models/${name}.toml`), `depends_on = ${JSON.stringify(upstream)}\n`);
  }
  writeFileSync(join(folder, "models/_defaults.toml"), '[target]\ncatalog = "shop"\nschema = "main"\n');
  writeFileSync(
    join(folder, "rocky.toml"),
    `[adapter]
type = "duckdb"
path = "shop.duckdb"

[pipeline.landing]
strategy = "full_refresh"
source.schema_pattern = { prefix = "src__", separator = "__", components = ["region"] }
target = { catalog_template = "shop", schema_template = "land_{region}", governance = { auto_create_schemas = true } }

[pipeline.marts]
type = "transformation"
models = "models/**"
depends_on = ["landing"]
target = { governance = { auto_create_schemas = true } }
`,
  );
  writeFileSync(
    join(folder, "defs.yaml"),
    `type: dagster_rocky.RockyComponent
attributes:
  binary_path: ${binaryPath}
  config_path: rocky.toml
  models_dir: models
  dag_mode: true
  defs_state:
    management_type: LOCAL_FILESYSTEM
    refresh_if_dev: false
`,
  );
}

function writeMarts(folder: string): void {
  writeFileSync(
    join(folder, "rocky.toml"),
    '[adapter]\ntype = "duckdb"\npath = "bench.duckdb"\n\n[pipeline.marts]\ntype = "transformation"\nmodels = "models/**"\ntarget = { adapter = "default" }\n',
  );
}

/** `models` small tables of their own, to be built whole. */
export function writeTablesProject(folder: string, models: number): void {
  const root = join(folder, "models");
  mkdirSync(root, { recursive: true });
  writeMarts(folder);
  writeFileSync(join(root, "_defaults.toml"), '[target]\ncatalog = "bench"\nschema = "main"\n');
  for (let i = 0; i < models; i++) {
    const sql = `SELECT ${i} AS id, ${i} * 10 AS amount, 'n${i}' AS name\n`;
    writeFileSync(join(root, `table_${i}.sql`), sql);
    writeFileSync(join(root, `table_${i}.toml`), "");
  }
}

/** `models` SQL files with sidecars in chains of ten, five columns each, for the engine's own commands. */
export function writeModelsProject(folder: string, models: number): void {
  const root = join(folder, "models");
  mkdirSync(root, { recursive: true });
  writeMarts(folder);
  writeFileSync(join(root, "_defaults.toml"), '[target]\ncatalog = "bench"\nschema = "main"\n');
  for (let i = 0; i < models; i++) writeModel(root, i);
}

/** One model file; `note` changes its text and nothing else. */
export function writeModel(root: string, i: number, note = ""): void {
  const from = i % 10 === 0 ? "raw.events" : `model_${i - 1}`;
  const sql = `SELECT\n  t.id,\n  t.customer_id,\n  upper(t.name) AS name,\n  CAST(t.amount AS DECIMAL(12, 2)) AS amount,\n  coalesce(t.status, 'open${note}') AS status\nFROM ${from} t\nWHERE t.id > ${i}\n`;
  writeFileSync(join(root, `model_${i}.sql`), sql);
  writeFileSync(join(root, `model_${i}.toml`), i % 10 === 0 ? "" : `depends_on = ["model_${i - 1}"]\n`);
}
