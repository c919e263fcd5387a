import { type MetadataInput, MetadataValue } from "@dagster-rocky/dagster";

/** One of every kind that the UI shows. */
export const everyKind: MetadataInput = {
  text: "a text",
  url: MetadataValue.url("https://example.com/a"),
  path: MetadataValue.path("/tmp/a"),
  notebook: MetadataValue.notebook("/tmp/a.ipynb"),
  json: { a: [1, "b", null] },
  markdown: MetadataValue.markdown("**bold**"),
  float: 1.5,
  int: 9_007_199_254_740_993n,
  bool: true,
  nothing: null,
  timestamp: new Date("2026-01-01T00:00:00Z"),
  run: MetadataValue.run("0f7ab2c4-0000-4000-8000-000000000000"),
  asset: MetadataValue.asset("shop/orders"),
  job: MetadataValue.job("short", "nouns"),
  python: MetadataValue.pythonArtifact("shop.models", "Order"),
  pool: MetadataValue.pool("warehouse"),
  table: MetadataValue.table([{ day: "monday", rows: 3 }], {
    columns: [
      { name: "day", type: "text" },
      { name: "rows", type: "int", nullable: false, description: "how many", tags: { unit: "rows" } },
    ],
  }),
  "dagster/column_schema": MetadataValue.tableSchema({
    columns: [{ name: "id", type: "int", unique: true }],
  }),
  "dagster/column_lineage": MetadataValue.columnLineage({
    id: [{ assetKey: "shop/orders", columnName: "order_id" }],
  }),
  "dagster/code_references": MetadataValue.codeReferences([
    { kind: "local", filePath: "/src/definitions.ts", lineNumber: 12 },
    { kind: "url", url: "https://example.com/source", label: "source" },
  ]),
};
