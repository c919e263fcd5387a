import type { Session } from "../adapters/adapter.ts";
import type { CompiledModel, Diagnostic } from "../compile/index.ts";

/** Bytes of one value, by the beginning of its type's name; text and nested values are a guess. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^(BOOLEAN|U?TINYINT)/, 1],
  [/^U?SMALLINT/, 2],
  [/^(U?INTEGER|FLOAT|DATE)/, 4],
  [/^(U?BIGINT|DOUBLE|TIMESTAMP|TIME)/, 8],
  [/^(U?HUGEINT|UUID|DECIMAL|INTERVAL)/, 16],
];
const OTHER_WIDTH = 24;

const widthOf = (type: string): number => WIDTHS.find(([name]) => name.test(type))?.[1] ?? OTHER_WIDTH;

/** Estimated bytes of every table of the warehouse, by `schema.table` and `catalog.schema.table` in lower case. */
const tableSizes = async (session: Session): Promise<ReadonlyMap<string, number>> => {
  const rows = await session.query(
    "SELECT t.database_name, t.schema_name, t.table_name, t.estimated_size, list(c.data_type) " +
      "FROM duckdb_tables() t JOIN duckdb_columns() c USING (database_oid, schema_oid, table_oid) GROUP BY ALL",
  );
  const sizes = new Map<string, number>();
  for (const [catalog, schema, table, count, types] of rows) {
    const width = (Array.isArray(types) ? types : []).reduce<number>(
      (sum, type) => sum + widthOf(String(type)),
      0,
    );
    const name = `${String(schema)}.${String(table)}`.toLowerCase();
    for (const key of [name, `${String(catalog)}.${name}`.toLowerCase()])
      sizes.set(key, Number(count) * width);
  }
  return sizes;
};

const tablesRead = (model: CompiledModel, models: ReadonlyMap<string, CompiledModel>): readonly string[] => {
  const upstream = model.dependsOn.flatMap((name) => {
    const target = models.get(name)?.model.target;
    return target === undefined ? [] : [[target.catalog, target.schema, target.table].join(".")];
  });
  return [...upstream, ...model.sources].map((name) => name.toLowerCase());
};

/**
 * E027: models that would read more than their `[budget] max_bytes_scanned`, from the warehouse's row counts. A
 * table that is not there yet has no size. `max_usd` cannot be exceeded on an embedded database, which costs nothing.
 */
export const budgetDiagnostics = async (
  session: () => Promise<Session>,
  models: ReadonlyMap<string, CompiledModel>,
): Promise<readonly Diagnostic[]> => {
  const limited = [...models.values()].filter(({ model }) => model.budget?.maxBytesScanned !== undefined);
  if (limited.length === 0) return [];
  const sizes = await tableSizes(await session());
  return limited.flatMap((compiled): readonly Diagnostic[] => {
    const { model, name } = compiled;
    const limit = model.budget?.maxBytesScanned ?? 0;
    const bytes = tablesRead(compiled, models).reduce((sum, table) => sum + (sizes.get(table) ?? 0), 0);
    if (bytes <= limit) return [];
    return [
      {
        severity: model.budget?.onBreach === "error" ? "Error" : "Warning",
        code: "E027",
        model: name,
        message: `model '${name}' would read about ${bytes} bytes; its budget is ${limit}`,
        span: { file: model.file, line: 1, col: 1 },
        suggestion: "read fewer rows or columns, or raise max_bytes_scanned in [budget]",
      },
    ];
  });
};
