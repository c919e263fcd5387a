import { resolve } from "node:path";
import type { AdapterConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import type { Adapter } from "./adapter.ts";
import { createDuckDbAdapter } from "./duckdb/duckdb-adapter.ts";

/** Builds the adapter that an `[adapter.<name>]` describes; a relative DuckDB path lies in `cwd`. */
export const createAdapter = (config: AdapterConfig, cwd: string): Adapter => {
  if (config.type === "duckdb") {
    const { name, path } = config;
    return createDuckDbAdapter(path === undefined ? { name } : { name, path: resolve(cwd, path) });
  }
  throw new RockyError(
    "unsupported",
    `adapter '${config.name}' has type '${config.type}', which this engine cannot run`,
    {
      where: { key: `adapter.${config.name}.type` },
      hint: 'use type = "duckdb", or set binary_path to an engine that knows this warehouse',
    },
  );
};
