import { resolve } from "node:path";
import type { Session } from "../../adapters/adapter.ts";
import { sqlString } from "../../adapters/identifiers.ts";
import { checkTarget, displayName, sqlName, sqlSchemaName, tableRef } from "../../adapters/table-ref.ts";
import { ENGINE_VERSION } from "../../version.ts";
import type { RunEnvironment } from "../environment.ts";
import { runEvents } from "../events.ts";
import { failureText, isInterruption } from "../failure.ts";
import { refuseEmpty } from "../load/file-format.ts";
import { INTERRUPTED_EXIT_CODE } from "../report.ts";
import { replaceTable } from "../strategies/statements.ts";
import type { SeedFile } from "./seed-files.ts";

/** Where seeds go whose sidecar names no schema. */
export const DEFAULT_SEED_SCHEMA = "seeds";

/** The whole file is read before types are chosen, so that no late row can break its column. */
const readSql = (path: string, seed: SeedFile): string => {
  const types = Object.entries(seed.columnTypes).map(
    ([name, type]) => `${sqlString(name)}: ${sqlString(type)}`,
  );
  const options = [
    sqlString(path),
    `delim = ${sqlString(seed.delimiter)}`,
    "header = true",
    "sample_size = -1",
    "auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'TIMESTAMP', 'VARCHAR']",
    ...(types.length === 0 ? [] : [`types = {${types.join(", ")}}`]),
  ];
  return `SELECT * FROM read_csv(${options.join(", ")})`;
};

interface SeedOutput {
  readonly name: string;
  readonly target: string;
  readonly rows: number;
  readonly columns: number;
  readonly duration_ms: number;
  readonly error?: string;
}

const loadSeed = async (env: RunEnvironment, session: Session, seed: SeedFile): Promise<SeedOutput> => {
  const started = performance.now();
  const { catalog = session.defaultCatalog, schema = DEFAULT_SEED_SCHEMA, table } = seed.target;
  const ref = tableRef(catalog, schema, table);
  const assetKey = [catalog, schema, table];
  const events = runEvents(env.emit);
  const elapsed = (): number => Math.round(performance.now() - started);
  events.started("table", assetKey, { file: seed.file });
  try {
    const rows = await session.transaction(async () => {
      checkTarget(ref);
      refuseEmpty(resolve(env.context.cwd, seed.file), seed.file);
      await session.execute(`CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(catalog, schema, session.dialect)}`);
      if (seed.preHook !== undefined) await session.execute(seed.preHook);
      const query = readSql(resolve(env.context.cwd, seed.file), seed);
      const written = await session.execute(replaceTable(sqlName(ref, session.dialect), query));
      if (seed.postHook !== undefined) await session.execute(seed.postHook);
      return written;
    });
    const columns = (await session.describe(ref))?.length ?? 0;
    events.finished("table", assetKey, rows, elapsed());
    return { name: seed.name, target: displayName(ref), rows, columns, duration_ms: elapsed() };
  } catch (error) {
    if (isInterruption(error)) throw error;
    const text = failureText(error);
    events.failed("table", assetKey, text);
    return {
      name: seed.name,
      target: displayName(ref),
      rows: 0,
      columns: 0,
      duration_ms: elapsed(),
      error: text,
    };
  }
};

export interface SeedRequest {
  readonly directory: string;
  readonly seeds: readonly SeedFile[];
  readonly adapter: string;
}

/** Loads seed files, each in a transaction of its own; a seed that fails does not stop the others. */
export const loadSeeds = async (
  env: RunEnvironment,
  request: SeedRequest,
): Promise<{ readonly payload: object; readonly exitCode: number }> => {
  const started = performance.now();
  const session = await env.session(request.adapter, "write");
  const tables: SeedOutput[] = [];
  let interrupted = false;
  for (const seed of request.seeds) {
    try {
      tables.push(await loadSeed(env, session, seed));
    } catch (error) {
      if (!isInterruption(error)) throw error;
      interrupted = true;
      break;
    }
  }
  const failed = tables.filter((table) => table.error !== undefined).length;
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "seed",
      seeds_dir: request.directory,
      tables_loaded: tables.length - failed,
      tables_failed: failed,
      tables,
      duration_ms: Math.round(performance.now() - started),
    },
    exitCode: interrupted ? INTERRUPTED_EXIT_CODE : failed > 0 ? 1 : 0,
  };
};
