import {
  AssetEvent,
  type AssetKey,
  type AssetObservation,
  type RawMetadataValue,
} from "@dagster-rocky/dagster";
import type { RetentionStatusOutput } from "../resource/outputs/reports.ts";
import { byLeaf } from "./compliance.ts";

/** One observation for each row of a retention report that belongs to one of the given assets. */
export const retentionObservations = (
  keys: readonly AssetKey[],
  output: RetentionStatusOutput,
): readonly AssetObservation[] => {
  const owners = byLeaf(keys);
  return output.models.flatMap((row) => {
    const key = owners.get(row.model);
    if (key === undefined) return [];
    const metadata: Record<string, RawMetadataValue> = {
      "rocky/retention_model": row.model,
      "rocky/retention_in_sync": row.inSync,
    };
    if (row.configuredDays !== undefined) metadata["rocky/retention_configured_days"] = row.configuredDays;
    if (row.warehouseDays !== undefined) metadata["rocky/retention_warehouse_days"] = row.warehouseDays;
    return [
      AssetEvent.observe({ assetKey: key, description: "Retention status: retention_drift", metadata }),
    ];
  });
};
