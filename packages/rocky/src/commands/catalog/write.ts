import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDuckDbAdapter } from "../../adapters/duckdb/duckdb-adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { renderJson } from "../../output/json.ts";
import type { CatalogAsset, CatalogEdge } from "./shapes.ts";

export const CATALOG_FORMATS = ["json", "parquet", "both"] as const;
export type CatalogFormat = (typeof CATALOG_FORMATS)[number];

interface CatalogTables {
  readonly assets: readonly CatalogAsset[];
  readonly edges: readonly CatalogEdge[];
}

/** Writes the catalog's files, each whole or not at all. Gives their paths. */
export const writeCatalog = async (
  catalog: CatalogTables,
  folder: string,
  format: CatalogFormat,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  mkdirSync(folder, { recursive: true });
  const json = join(folder, "catalog.json");
  if (format !== "parquet") {
    const draft = `${json}.${process.pid}`;
    writeFileSync(draft, renderJson(catalog));
    renameSync(draft, json);
  }
  if (format === "json") return [json];
  const tables = [
    await writeParquet(join(folder, "edges.parquet"), catalog.edges, EDGE_COLUMNS, signal),
    await writeParquet(join(folder, "assets.parquet"), catalog.assets, ASSET_COLUMNS, signal),
  ];
  return format === "both" ? [json, ...tables] : tables;
};

type Columns = Readonly<Record<string, string>>;

const EDGE_COLUMNS: Columns = {
  source_model: "VARCHAR",
  source_column: "VARCHAR",
  target_model: "VARCHAR",
  target_column: "VARCHAR",
  transform: "VARCHAR",
  confidence: "VARCHAR",
};

const ASSET_COLUMNS: Columns = {
  fqn: "VARCHAR",
  model_name: "VARCHAR",
  kind: "VARCHAR",
  columns: "STRUCT(name VARCHAR, data_type VARCHAR, nullable BOOLEAN, description VARCHAR)[]",
  upstream_models: "VARCHAR[]",
  downstream_models: "VARCHAR[]",
  intent: "VARCHAR",
  last_materialized_at: "TIMESTAMPTZ",
  last_run_id: "VARCHAR",
};

/** DuckDB writes the table from lines of JSON that lie beside it for as long as that takes. */
const writeParquet = async (
  file: string,
  rows: readonly object[],
  columns: Columns,
  signal: AbortSignal,
): Promise<string> => {
  const draft = `${file}.${process.pid}`;
  const lines = `${draft}.json`;
  try {
    writeFileSync(lines, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await using session = await createDuckDbAdapter({ name: "catalog" }).open({
      mode: "write",
      signal,
      waitMs: 0,
    });
    const shape = Object.entries(columns).map(([name, type]) => `${name}: ${sqlString(type)}`);
    await session.execute(
      `COPY (SELECT * FROM read_json(${sqlString(lines)}, format = 'newline_delimited', ` +
        `maximum_object_size = ${MAXIMUM_ROW_BYTES}, columns = {${shape.join(", ")}})) ` +
        `TO ${sqlString(draft)} (FORMAT parquet)`,
    );
    renameSync(draft, file);
  } finally {
    rmSync(lines, { force: true });
    rmSync(draft, { force: true });
  }
  return file;
};

/** A model with thousands of columns is one line. */
const MAXIMUM_ROW_BYTES = 1 << 28;
