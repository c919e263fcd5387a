import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
  writeFileSync(
    join(folder, "defs.yaml"),
    `type: dagster_rocky.RockyComponent\nattributes:\n  config_path: rocky.toml\n  ${attribute}\n  defs_state:\n    management_type: LOCAL_FILESYSTEM\n    refresh_if_dev: false\n`,
  );
}

/** `models` SQL files with sidecars in chains of ten, five columns each, for the engine's own commands. */
export function writeModelsProject(folder: string, models: number): void {
  const root = join(folder, "models");
  mkdirSync(root, { recursive: true });
  writeFileSync(
    join(folder, "rocky.toml"),
    '[adapter]\ntype = "duckdb"\npath = "bench.duckdb"\n\n[pipeline.marts]\ntype = "transformation"\nmodels = "models/**"\ntarget = { adapter = "default" }\n',
  );
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
