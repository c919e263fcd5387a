import {
  dimensionsOf,
  hasPartitionKey,
  joinMultiKey,
  type PartitionKeysContext,
  partitionKeys,
  partitionKeysInWindow,
  partitionWindow,
  splitMultiKey,
} from "../../definitions/partition-keys.ts";
import {
  type MultiPartitionsDefinition,
  type PartitionMapping,
  type PartitionsDefinition,
  partitionsId,
  type TimeWindowPartitionsDefinition,
} from "../../definitions/partitions.ts";

type Keys = readonly string[];

/** What a step of one partitions definition reads from an upstream asset of another. */
export interface UpstreamRead {
  readonly mapping: PartitionMapping | undefined;
  readonly upstream: PartitionsDefinition;
  readonly downstream: PartitionsDefinition | undefined;
  /** Partitions that the step makes; undefined when it makes an unpartitioned asset. */
  readonly keys: Keys | undefined;
}

/** Upstream partitions that exist and that the step reads, without repeats. */
export function upstreamPartitions(read: UpstreamRead, context: PartitionKeysContext): Keys {
  const { upstream, downstream, keys } = read;
  if (downstream === undefined || keys === undefined) return partitionKeys(upstream, context);
  const mapping = read.mapping ?? inferMapping(upstream, downstream);
  return [...new Set(mapKeys(mapping, upstream, downstream, keys, context))];
}

/** The host's own rule for a dependency that says nothing. */
export function inferMapping(
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
): PartitionMapping {
  if (upstream.kind === "multi" && downstream.kind !== "multi" && hasDimension(upstream, downstream)) {
    return { kind: "multiToSingle" };
  }
  if (downstream.kind === "multi" && upstream.kind !== "multi" && hasDimension(downstream, upstream)) {
    return { kind: "multiToSingle" };
  }
  if (upstream.kind === "timeWindow" && downstream.kind === "timeWindow") {
    return { kind: "timeWindow", startOffset: 0, endOffset: 0, allowNonexistentUpstream: false };
  }
  return { kind: "identity" };
}

const dimensionLike = (multi: MultiPartitionsDefinition, single: PartitionsDefinition): readonly string[] =>
  dimensionsOf(multi).flatMap(([name, dimension]) =>
    partitionsId(dimension) === partitionsId(single) ? [name] : [],
  );

const hasDimension = (multi: MultiPartitionsDefinition, single: PartitionsDefinition): boolean =>
  dimensionLike(multi, single).length === 1;

function mapKeys(
  mapping: PartitionMapping,
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  keys: Keys,
  context: PartitionKeysContext,
): Keys {
  switch (mapping.kind) {
    case "identity":
      return isSame(upstream, downstream) ? keys : existing(upstream, keys, context);
    case "all":
      return partitionKeys(upstream, context);
    case "last":
      return partitionKeys(upstream, context).slice(-1);
    case "specific":
      return mapping.keys;
    case "static":
      return Object.entries(mapping.downstreamByUpstream).flatMap(([up, down]) =>
        [down].flat().some((key) => keys.includes(key)) ? [up] : [],
      );
    case "timeWindow":
      if (upstream.kind !== "timeWindow" || downstream.kind !== "timeWindow") return [];
      if (mapping.startOffset === 0 && mapping.endOffset === 0 && isSame(upstream, downstream)) return keys;
      return keys.flatMap((key) => windowKeys(mapping, upstream, downstream, key, context));
    case "multiToSingle":
      return throughDimension(mapping.dimension, upstream, downstream, keys, context);
    case "multi":
      return throughDimensions(mapping.dimensions, upstream, downstream, keys, context);
    default:
      return mapping satisfies never;
  }
}

const isSame = (a: PartitionsDefinition, b: PartitionsDefinition): boolean =>
  partitionsId(a) === partitionsId(b);

const existing = (definition: PartitionsDefinition, keys: Keys, context: PartitionKeysContext): Keys =>
  keys.filter((key) => hasPartitionKey(definition, key, context));

function windowKeys(
  mapping: Extract<PartitionMapping, { kind: "timeWindow" }>,
  upstream: TimeWindowPartitionsDefinition,
  downstream: TimeWindowPartitionsDefinition,
  key: string,
  context: PartitionKeysContext,
): Keys {
  const window = partitionWindow(downstream, key);
  const start = shift(downstream, window.start, mapping.startOffset, window.end - window.start);
  const end = shift(downstream, window.end, mapping.endOffset, window.end - window.start);
  // The upstream window that began earlier and is still going on is read as well.
  const overlapping = [...enclosing(upstream, start), ...partitionKeysInWindow(upstream, { start, end })];
  return existing(upstream, overlapping, context);
}

/** Moves a window's edge by whole windows. */
function shift(
  definition: TimeWindowPartitionsDefinition,
  edge: number,
  windows: number,
  length: number,
): number {
  if (windows === 0) return edge;
  const reach = (Math.abs(windows) + 1) * length * 2;
  const starts = (from: number, to: number): number[] =>
    partitionKeysInWindow(definition, { start: from, end: to }).map(
      (key) => partitionWindow(definition, key).start,
    );
  if (windows < 0) return starts(edge - reach, edge).at(windows) ?? edge;
  return starts(edge, edge + reach).at(windows) ?? edge;
}

const DAY = 86_400;

function enclosing(definition: TimeWindowPartitionsDefinition, moment: number): Keys {
  for (const reach of [DAY, 8 * DAY, 32 * DAY, 400 * DAY]) {
    const before = partitionKeysInWindow(definition, { start: moment - reach, end: moment + 1 });
    const last = before.at(-1);
    if (last !== undefined) return partitionWindow(definition, last).end > moment ? [last] : [];
  }
  return [];
}

function throughDimension(
  named: string | undefined,
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  keys: Keys,
  context: PartitionKeysContext,
): Keys {
  if (upstream.kind === "multi" && downstream.kind !== "multi") {
    const dimension = named ?? dimensionLike(upstream, downstream)[0];
    if (dimension === undefined) return [];
    return partitionKeys(upstream, context).filter((key) =>
      keys.includes(splitMultiKey(upstream, key)[dimension] ?? ""),
    );
  }
  if (downstream.kind === "multi" && upstream.kind !== "multi") {
    const dimension = named ?? dimensionLike(downstream, upstream)[0];
    if (dimension === undefined) return [];
    return keys.flatMap((key) => splitMultiKey(downstream, key)[dimension] ?? []);
  }
  return [];
}

/** Each upstream dimension is mapped from a downstream one; those that are not named take every key. */
function throughDimensions(
  dimensions: Extract<PartitionMapping, { kind: "multi" }>["dimensions"],
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  keys: Keys,
  context: PartitionKeysContext,
): Keys {
  if (upstream.kind !== "multi" || downstream.kind !== "multi") return [];
  return keys.flatMap((key) => {
    const parts = splitMultiKey(downstream, key);
    let joined: Readonly<Record<string, string>>[] = [{}];
    for (const [name, dimension] of dimensionsOf(upstream)) {
      const rule = dimensions[name];
      const from = rule === undefined ? undefined : downstream.dimensions[rule.dimension];
      const mapped =
        rule === undefined || from === undefined
          ? partitionKeys(dimension, context)
          : mapKeys(rule.mapping, dimension, from, [parts[rule.dimension] ?? ""], context);
      joined = joined.flatMap((each) => mapped.map((part) => ({ ...each, [name]: part })));
    }
    return joined.map((each) => joinMultiKey(upstream, each));
  });
}
