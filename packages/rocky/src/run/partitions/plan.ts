import { RockyError } from "../../errors.ts";
import type { Strategy } from "../../models/types.ts";
import { neighbour, type Period, parsePeriod, periodAt, periodsBetween } from "./period.ts";

export type TimeInterval = Extract<Strategy, { type: "time_interval" }>;

/** Which partitions a run was asked for. */
export type PartitionSelection =
  | { readonly kind: "latest" }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "range"; readonly from: string; readonly to: string }
  | { readonly kind: "missing" };

export interface PartitionRequest {
  readonly selection: PartitionSelection;
  /** Partitions before the selected ones that are computed again; the model's own number when undefined. */
  readonly lookback?: number;
}

/** One statement's worth of partitions; more than one only when the model's `batch_size` says so. */
export interface PartitionBatch {
  readonly periods: readonly Period[];
  readonly start: Date;
  readonly end: Date;
}

const selectedPeriods = (
  strategy: TimeInterval,
  { selection, lookback }: PartitionRequest,
  now: Date,
  computed: ReadonlySet<string>,
): readonly Period[] => {
  const { granularity } = strategy;
  const back = -(lookback ?? strategy.lookback);
  switch (selection.kind) {
    case "latest": {
      const last = periodAt(granularity, now);
      return periodsBetween(granularity, neighbour(granularity, last, back), last);
    }
    case "key": {
      const last = parsePeriod(granularity, selection.key);
      return periodsBetween(granularity, neighbour(granularity, last, back), last);
    }
    case "range": {
      const first = parsePeriod(granularity, selection.from);
      const last = parsePeriod(granularity, selection.to);
      if (first.start > last.start) {
        throw new RockyError("usage", `--from ${selection.from} lies after --to ${selection.to}`);
      }
      return periodsBetween(granularity, neighbour(granularity, first, back), last);
    }
    case "missing": {
      if (strategy.firstPartition === undefined) {
        throw new RockyError("usage", "--missing requires `first_partition` to be set in the model TOML");
      }
      const first = parsePeriod(granularity, strategy.firstPartition);
      const all = periodsBetween(granularity, first, periodAt(granularity, now));
      return all.filter((period) => !computed.has(period.key));
    }
    default:
      return selection satisfies never;
  }
};

const batched = (periods: readonly Period[], size: number): readonly PartitionBatch[] => {
  const batches: Period[][] = [];
  for (const period of periods) {
    const last = batches.at(-1);
    const follows = last?.at(-1)?.end.getTime() === period.start.getTime();
    if (last !== undefined && follows && last.length < size) last.push(period);
    else batches.push([period]);
  }
  return batches.map((batch) => {
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined)
      throw new RockyError("internal", "a partition batch is empty");
    return { periods: batch, start: first.start, end: last.end };
  });
};

/** The partitions of one model to compute, oldest first, in batches of neighbours. */
export const planPartitions = (
  strategy: TimeInterval,
  request: PartitionRequest,
  now: Date,
  computed: ReadonlySet<string> = new Set(),
): readonly PartitionBatch[] =>
  batched(selectedPeriods(strategy, request, now, computed), Math.max(1, strategy.batchSize));

export interface PartitionFlags {
  readonly partition: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly latest: boolean;
  readonly missing: boolean;
  readonly lookback: number | undefined;
}

/** Reads the partition flags of `run` and `plan`; they exclude each other. */
export const partitionRequest = (flags: PartitionFlags): PartitionRequest => {
  const ranged = flags.from !== undefined || flags.to !== undefined;
  const given = [flags.partition !== undefined, ranged, flags.latest, flags.missing].filter(Boolean).length;
  if (given > 1) {
    throw new RockyError("usage", "--partition, --from/--to, --latest and --missing exclude each other");
  }
  const lookback = flags.lookback === undefined ? {} : { lookback: flags.lookback };
  if (flags.partition !== undefined) return { selection: { kind: "key", key: flags.partition }, ...lookback };
  if (flags.missing) return { selection: { kind: "missing" }, ...lookback };
  if (!ranged) return { selection: { kind: "latest" }, ...lookback };
  if (flags.from === undefined || flags.to === undefined) {
    throw new RockyError("usage", "--from and --to must be given together");
  }
  return { selection: { kind: "range", from: flags.from, to: flags.to }, ...lookback };
};
