// Fills shop.duckdb with the source data of seed.sql. Run it with: node seed.mjs
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const instance = await DuckDBInstance.create(here("shop.duckdb"));
const connection = await instance.connect();
await connection.run(readFileSync(here("seed.sql"), "utf8"));
connection.closeSync();
instance.closeSync();
