import type { BackfillPolicy, PartitionMapping, PartitionsDefinition } from "../definitions/partitions.ts";
import { float, type WireObject, wire } from "../wire/index.ts";

export function partitionsData(partitions: PartitionsDefinition): WireObject {
  switch (partitions.kind) {
    case "static":
      return wire("ExternalStaticPartitionsDefinitionData", { partition_keys: partitions.keys });
    case "dynamic":
      return wire("ExternalDynamicPartitionsDefinitionData", { name: partitions.name });
    case "timeWindow":
      return wire("ExternalTimeWindowPartitionsDefinitionData", {
        start: float(partitions.start),
        end: partitions.end === undefined ? null : float(partitions.end),
        timezone: partitions.timezone,
        fmt: partitions.fmt,
        end_offset: partitions.endOffset,
        cron_schedule: partitions.cronSchedule,
        schedule_type: null,
        minute_offset: null,
        hour_offset: null,
        day_offset: null,
        exclusions: exclusions(partitions.exclusions, partitions.timezone),
      });
    case "multi":
      return wire("ExternalMultiPartitionsDefinitionData", {
        external_partition_dimension_definitions: Object.keys(partitions.dimensions)
          .sort()
          .flatMap((name) => {
            const dimension = partitions.dimensions[name];
            return dimension === undefined
              ? []
              : [
                  wire("ExternalPartitionDimensionDefinition", {
                    name,
                    external_partitions_def_data: partitionsData(dimension),
                  }),
                ];
          }),
      });
    default:
      return partitions satisfies never;
  }
}

/** Cron strings stay texts, moments travel with their time zone. */
function exclusions(
  excluded: readonly (string | number)[] | undefined,
  timezone: string,
): readonly (string | WireObject)[] | null {
  if (excluded === undefined || excluded.length === 0) return null;
  return excluded.map((item) =>
    typeof item === "string" ? item : wire("TimestampWithTimezone", { timestamp: float(item), timezone }),
  );
}

export const backfillPolicy = (policy: BackfillPolicy): WireObject =>
  wire("BackfillPolicy", { max_partitions_per_run: policy.maxPartitionsPerRun });

export function partitionMapping(mapping: PartitionMapping): WireObject {
  switch (mapping.kind) {
    case "identity":
      return wire("IdentityPartitionMapping", {});
    case "all":
      return wire("AllPartitionMapping", {});
    case "last":
      return wire("LastPartitionMapping", {});
    case "timeWindow":
      return wire("TimeWindowPartitionMapping", {
        start_offset: mapping.startOffset,
        end_offset: mapping.endOffset,
        allow_nonexistent_upstream_partitions: mapping.allowNonexistentUpstream,
      });
    case "specific":
      return wire("SpecificPartitionsPartitionMapping", { partition_keys: mapping.keys });
    case "static":
      return wire("StaticPartitionMapping", {
        downstream_partition_keys_by_upstream_partition_key: mapping.downstreamByUpstream,
      });
    case "multiToSingle":
      return wire("MultiToSingleDimensionPartitionMapping", {
        partition_dimension_name: mapping.dimension ?? null,
      });
    case "multi":
      return wire("MultiPartitionMapping", {
        downstream_mappings_by_upstream_dimension: Object.fromEntries(
          Object.entries(mapping.dimensions).map(([upstream, { dimension, mapping: inner }]) => [
            upstream,
            wire("DimensionPartitionMapping", {
              dimension_name: dimension,
              partition_mapping: partitionMapping(inner),
            }),
          ]),
        ),
      });
    default:
      return mapping satisfies never;
  }
}
