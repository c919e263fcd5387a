import { createDuckDbAdapter } from "../adapters/duckdb/duckdb-adapter.ts";
import type { Session } from "../adapters/adapter.ts";
import { fromWarehouseType, type SourceSchemas, type SourceTable, sourceSchemas } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { directoryOf, joinPath } from "../paths.ts";
import type { CommandContext } from "./context.ts";
import { DEFAULT_MODELS } from "./project-options.ts";

/** Where sample data lies: `data/seed.sql` beside the models directory. */
export const seedScriptPath = (models: string | undefined): string =>
  joinPath(directoryOf(models ?? DEFAULT_MODELS), "data", "seed.sql");

/** Opens a database in memory that holds what the seed script creates, if there is one. */
export const openSeeded = async (context: CommandContext, models: string | undefined): Promise<Session> => {
  const session = await createDuckDbAdapter({ name: "seed" }).open({
    mode: "write",
    signal: context.signal,
    waitMs: 0,
  });
  const file = seedScriptPath(models);
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

/** Columns and types of the tables that the seed script creates. */
export const seedSources = async (
  context: CommandContext,
  models: string | undefined,
): Promise<SourceSchemas> => {
  await using session = await openSeeded(context, models);
  const rows = await session.query(
    "SELECT table_catalog, table_schema, table_name, column_name, data_type, is_nullable " +
      "FROM information_schema.columns ORDER BY table_catalog, table_schema, table_name, ordinal_position",
  );
  const tables = new Map<string, SourceTable & { columns: SourceTable["columns"][number][] }>();
  for (const row of rows) {
    const [catalog = "", schema = "", table = "", name = "", type = "", nullable] = row.map(String);
    const key = `${catalog}.${schema}.${table}`;
    const known = tables.get(key) ?? { catalog, schema, table, columns: [] };
    tables.set(key, known);
    known.columns.push({ name, type: fromWarehouseType(type), nullable: nullable !== "NO" });
  }
  return sourceSchemas([...tables.values()]);
};
