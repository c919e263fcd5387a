/** Where a time-window partition set begins and how its keys are cut. */
export interface TimeWindowPartitionsDefinition {
  readonly kind: "timeWindow";
  /** Start of the first window, in `timezone`, as epoch seconds. */
  readonly start: number;
  /** End of the last window as epoch seconds; open-ended when absent. */
  readonly end?: number;
  readonly timezone: string;
  /** strftime pattern of the keys, such as `%Y-%m-%d`. */
  readonly fmt: string;
  readonly cronSchedule: string;
  /** Windows added after (or cut before) the current one. */
  readonly endOffset: number;
  /** Cron strings or window starts (epoch seconds) that are left out. */
  readonly exclusions?: readonly (string | number)[];
}

export interface StaticPartitionsDefinition {
  readonly kind: "static";
  readonly keys: readonly string[];
}

export interface DynamicPartitionsDefinition {
  readonly kind: "dynamic";
  readonly name: string;
}

export interface MultiPartitionsDefinition {
  readonly kind: "multi";
  /** Dimension name to its (static, dynamic or time-window) partitions, two of them. */
  readonly dimensions: Readonly<Record<string, SinglePartitionsDefinition>>;
}

export type SinglePartitionsDefinition =
  | TimeWindowPartitionsDefinition
  | StaticPartitionsDefinition
  | DynamicPartitionsDefinition;

export type PartitionsDefinition = SinglePartitionsDefinition | MultiPartitionsDefinition;

/** How a downstream partition is made from upstream ones; inferred by the host when absent. */
export type PartitionMapping =
  | { readonly kind: "identity" }
  | { readonly kind: "all" }
  | { readonly kind: "last" }
  | {
      readonly kind: "timeWindow";
      readonly startOffset: number;
      readonly endOffset: number;
      readonly allowNonexistentUpstream: boolean;
    }
  | { readonly kind: "specific"; readonly keys: readonly string[] }
  | {
      readonly kind: "static";
      readonly downstreamByUpstream: Readonly<Record<string, string | readonly string[]>>;
    }
  | { readonly kind: "multiToSingle"; readonly dimension?: string }
  | {
      readonly kind: "multi";
      readonly dimensions: Readonly<
        Record<string, { readonly dimension: string; readonly mapping: PartitionMapping }>
      >;
    };

/** How a backfill is cut into runs: at most N partitions each, or one run for the whole range (null). */
export interface BackfillPolicy {
  readonly maxPartitionsPerRun: number | null;
}

/** Equal for definitions that give the same partitions under the same keys. */
export function partitionsId(partitions: PartitionsDefinition): string {
  switch (partitions.kind) {
    case "static":
      return JSON.stringify(["static", partitions.keys]);
    case "dynamic":
      return JSON.stringify(["dynamic", partitions.name]);
    case "multi":
      return JSON.stringify([
        "multi",
        ...Object.keys(partitions.dimensions)
          .sort()
          .map((name) => [name, dimensionId(partitions, name)]),
      ]);
    case "timeWindow": {
      const { start, end, timezone, fmt, cronSchedule, endOffset, exclusions } = partitions;
      return JSON.stringify(["timeWindow", start, end, timezone, fmt, cronSchedule, endOffset, exclusions]);
    }
    default:
      return partitions satisfies never;
  }
}

const dimensionId = (partitions: MultiPartitionsDefinition, name: string): string => {
  const dimension = partitions.dimensions[name];
  return dimension === undefined ? "" : partitionsId(dimension);
};
