import type { Session } from "../adapters/adapter.ts";
import { duckDbDialect } from "../adapters/duckdb/dialect.ts";
import { createDuckDbAdapter } from "../adapters/duckdb/duckdb-adapter.ts";
import { sqlName, sqlSchemaName, tableRef } from "../adapters/table-ref.ts";
import { RockyError } from "../errors.ts";
import type { LoadedModels, Model, ModelTarget } from "../models/index.ts";
import { directoryOf, joinPath } from "../paths.ts";
import type { CommandContext } from "./context.ts";

/** Catalogs that every DuckDB session has. */
const BUILT_IN = new Set(["memory", "system", "temp"]);

/** A database in memory with a catalog for each that the models name; the commonest is the current one. */
export const openScratch = async (context: CommandContext, models: readonly Model[]): Promise<Session> => {
  const adapter = createDuckDbAdapter({ name: "scratch" });
  const session = await adapter.open({ mode: "write", signal: context.signal, waitMs: 0 });
  const catalogs = commonestFirst(models.map((model) => model.target.catalog));
  for (const catalog of catalogs) {
    if (!BUILT_IN.has(catalog))
      await session.execute(`ATTACH ':memory:' AS ${duckDbDialect.quoteIdentifier(catalog)}`);
  }
  const [current] = catalogs;
  if (current !== undefined) await session.execute(`USE ${duckDbDialect.quoteIdentifier(current)}`);
  return session;
};

const commonestFirst = (names: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const name of names.filter((text) => text !== "")) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left).map(([name]) => name);
};

/** How a target is written in the scratch database. */
export const scratchName = (target: ModelTarget): string =>
  sqlName(tableRef(target.catalog, target.schema, target.table), duckDbDialect);

export const createSchema = async (session: Session, { catalog, schema }: ModelTarget): Promise<void> => {
  await session.execute(`CREATE SCHEMA IF NOT EXISTS ${sqlSchemaName(catalog, schema, duckDbDialect)}`);
};

/** A scratch database with what `data/seed.sql` beside the models directory creates, if there is such a script. */
export const openSeeded = async (context: CommandContext, loaded: LoadedModels): Promise<Session> => {
  const session = await openScratch(context, loaded.models);
  const file = joinPath(directoryOf(loaded.directory), "data", "seed.sql");
  const script = context.files.read(file);
  if (script === undefined) return session;
  try {
    await session.execute(script);
    return session;
  } catch (thrown) {
    await session[Symbol.asyncDispose]();
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new RockyError("query_failed", `the seed script failed: ${reason}`, {
      where: { file },
      cause: thrown,
    });
  }
};
