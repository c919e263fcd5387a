import { type SourceSchemas, type SourceTable, sourceSchemas } from "../compile/index.ts";
import type { LoadedModels } from "../models/index.ts";
import type { CommandContext } from "./context.ts";
import { openSeeded } from "./scratch.ts";

type GrowingTable = SourceTable & { readonly columns: SourceTable["columns"][number][] };

/** Columns and types of the tables that the seed script creates. */
export const seedSources = async (context: CommandContext, loaded: LoadedModels): Promise<SourceSchemas> => {
  await using session = await openSeeded(context, loaded);
  const rows = await session.query(
    "SELECT table_catalog, table_schema, table_name, column_name, data_type, is_nullable " +
      "FROM information_schema.columns ORDER BY table_catalog, table_schema, table_name, ordinal_position",
  );
  const tables = new Map<string, GrowingTable>();
  for (const row of rows) {
    const [catalog = "", schema = "", table = "", name = "", type = "", nullable] = row.map(String);
    const key = `${catalog}.${schema}.${table}`;
    const known: GrowingTable = tables.get(key) ?? { catalog, schema, table, columns: [] };
    tables.set(key, known);
    known.columns.push({ name, type, nullable: nullable !== "NO" });
  }
  return sourceSchemas([...tables.values()]);
};
