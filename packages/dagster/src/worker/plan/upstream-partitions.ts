import {
  dimensionsOf,
  hasPartitionKey,
  joinMultiKey,
  type PartitionKeysContext,
  partitionKeys,
  splitMultiKey,
} from "../../definitions/partition-keys.ts";
import {
  type MultiPartitionsDefinition,
  type PartitionMapping,
  type PartitionsDefinition,
  partitionsId,
} from "../../definitions/partitions.ts";
import { mapWindows } from "./window-mapping.ts";

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
  if (downstream === undefined || keys === undefined) return unpartitionedReads(read, context);
  const mapping = read.mapping ?? inferMapping(upstream, downstream);
  return [...new Set(mapKeys(mapping, upstream, downstream, keys, context))];
}

/** An unpartitioned asset reads everything, unless its mapping names what it reads. */
function unpartitionedReads({ mapping, upstream }: UpstreamRead, context: PartitionKeysContext): Keys {
  if (mapping?.kind === "specific") return mapping.keys;
  const keys = partitionKeys(upstream, context);
  return mapping?.kind === "last" ? keys.slice(-1) : keys;
}

/** The host's own rule for a dependency that says nothing. */
function inferMapping(upstream: PartitionsDefinition, downstream: PartitionsDefinition): PartitionMapping {
  if (dimensionLink(upstream, downstream) !== undefined) return { kind: "multiToSingle" };
  if (upstream.kind === "timeWindow" && downstream.kind === "timeWindow") return OVERLAP;
  return { kind: "identity" };
}

const OVERLAP = {
  kind: "timeWindow",
  startOffset: 0,
  endOffset: 0,
  allowNonexistentUpstream: false,
} as const;

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
    case "static": {
      const wanted = new Set(keys);
      return Object.entries(mapping.downstreamByUpstream).flatMap(([up, down]) =>
        [down].flat().some((key) => wanted.has(key)) ? [up] : [],
      );
    }
    case "timeWindow":
      if (upstream.kind !== "timeWindow" || downstream.kind !== "timeWindow") return [];
      if (mapping.startOffset === 0 && mapping.endOffset === 0 && isSame(upstream, downstream)) return keys;
      return mapWindows(mapping, upstream, downstream, keys, context.now);
    case "multiToSingle": {
      const link = dimensionLink(upstream, downstream, mapping.dimension);
      return link === undefined ? [] : throughLinks([link], upstream, downstream, keys, context);
    }
    case "multi": {
      if (upstream.kind !== "multi" || downstream.kind !== "multi") return [];
      const links = Object.entries(mapping.dimensions).map(([name, rule]) => ({
        upstream: name,
        downstream: rule.dimension,
        mapping: rule.mapping,
      }));
      return throughLinks(links, upstream, downstream, keys, context);
    }
    default:
      return mapping satisfies never;
  }
}

const isSame = (a: PartitionsDefinition, b: PartitionsDefinition): boolean =>
  partitionsId(a) === partitionsId(b);

/** From so many keys on, all keys are listed once instead of looking for each of them. */
const MANY = 16;

function existing(definition: PartitionsDefinition, keys: Keys, context: PartitionKeysContext): Keys {
  if (keys.length < MANY) return keys.filter((key) => hasPartitionKey(definition, key, context));
  const all = new Set(partitionKeys(definition, context));
  return keys.filter((key) => all.has(key));
}

/** How a dimension of one side follows from one of the other; undefined names the side without dimensions. */
interface DimensionLink {
  readonly upstream: string | undefined;
  readonly downstream: string | undefined;
  readonly mapping: PartitionMapping;
}

/** The dimension that a side without dimensions stands for: the equal one, else the only one of time windows. */
function dimensionLink(
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  named?: string,
): DimensionLink | undefined {
  const link = (name: string, mapping: PartitionMapping): DimensionLink =>
    upstream.kind === "multi"
      ? { upstream: name, downstream: undefined, mapping }
      : { upstream: undefined, downstream: name, mapping };
  const [multi, single] = upstream.kind === "multi" ? [upstream, downstream] : [downstream, upstream];
  if (multi.kind !== "multi" || single.kind === "multi") return undefined;
  const equal = dimensionsOf(multi).filter(([, dimension]) => isSame(dimension, single));
  const [name] = equal.length === 1 ? (equal[0] ?? []) : (equal.find(([each]) => each === named) ?? []);
  if (name !== undefined) return link(name, { kind: "identity" });
  const [time, ...others] = dimensionsOf(multi).filter(([, { kind }]) => kind === "timeWindow");
  if (equal.length > 0 || single.kind !== "timeWindow" || time === undefined || others.length > 0) {
    return undefined;
  }
  return link(time[0], OVERLAP);
}

const dimensionOf = (definition: PartitionsDefinition, name: string | undefined): PartitionsDefinition =>
  (definition.kind === "multi" && name !== undefined && definition.dimensions[name]) || definition;

/** Upstream dimensions that no link leads to take every key. */
function throughLinks(
  links: readonly DimensionLink[],
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
  keys: Keys,
  context: PartitionKeysContext,
): Keys {
  const mapped = links.map((link) => {
    const known = new Map<string, Keys>();
    const [up, down] = [dimensionOf(upstream, link.upstream), dimensionOf(downstream, link.downstream)];
    return (part: string): Keys => {
      const found = known.get(part) ?? mapKeys(link.mapping, up, down, [part], context);
      known.set(part, found);
      return found;
    };
  });
  const partOf = (key: string, name: string | undefined): string =>
    downstream.kind === "multi" && name !== undefined ? (splitMultiKey(downstream, key)[name] ?? "") : key;
  if (upstream.kind !== "multi") {
    return keys.flatMap((key) => links.flatMap((link, i) => mapped[i]?.(partOf(key, link.downstream)) ?? []));
  }
  const free = freeDimensions(upstream, links, context);
  return keys.flatMap((key) => {
    const choices = new Map<string, Keys>(free);
    for (const [i, link] of links.entries()) {
      if (link.upstream === undefined) continue;
      choices.set(link.upstream, mapped[i]?.(partOf(key, link.downstream)) ?? []);
    }
    return joined(upstream, choices);
  });
}

const freeDimensions = (
  upstream: MultiPartitionsDefinition,
  links: readonly DimensionLink[],
  context: PartitionKeysContext,
): readonly (readonly [string, Keys])[] =>
  dimensionsOf(upstream)
    .filter(([name]) => !links.some((link) => link.upstream === name))
    .map(([name, dimension]) => [name, partitionKeys(dimension, context)]);

/** Every key that joins one choice for each dimension. */
function joined(upstream: MultiPartitionsDefinition, choices: ReadonlyMap<string, Keys>): Keys {
  let found: Readonly<Record<string, string>>[] = [{}];
  for (const [name] of dimensionsOf(upstream)) {
    found = found.flatMap((each) => (choices.get(name) ?? []).map((part) => ({ ...each, [name]: part })));
  }
  return found.map((each) => joinMultiKey(upstream, each));
}
