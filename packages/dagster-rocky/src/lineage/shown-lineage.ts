import type { AssetSpec, TableColumnLineage } from "@dagster-rocky/dagster";

/** The column lineage that an asset's definition shows; undefined when there is none or it names no column. */
export function shownLineage(spec: AssetSpec | undefined): TableColumnLineage | undefined {
  const value = spec?.metadata["dagster/column_lineage"];
  if (value?.kind !== "columnLineage") return undefined;
  return Object.keys(value.lineage).length > 0 ? value.lineage : undefined;
}
