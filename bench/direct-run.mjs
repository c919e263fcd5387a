// What the engine asks DuckDB for when it runs a project of plain models, and nothing else: direct-run.mjs FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const folder = process.argv[2] ?? ".";
const instance = await DuckDBInstance.create(join(folder, "direct.duckdb"));
const connection = await instance.connect();
for (const file of readdirSync(join(folder, "models")).filter((name) => name.endsWith(".sql"))) {
  const sql = readFileSync(join(folder, "models", file), "utf8");
  await connection.run(`CREATE OR REPLACE TABLE direct.main.${file.slice(0, -4)} AS ${sql}`);
}
connection.closeSync();
instance.closeSync();
