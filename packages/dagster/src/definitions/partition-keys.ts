import { DefinitionsError } from "./errors.ts";
import type { PartitionKeyRange } from "./execution-context.ts";
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
  SinglePartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from "./partitions.ts";
import {
  hasTimeWindowKey,
  keysInWindow,
  type TimeWindow,
  timeWindowKeys,
  timeWindowKeysInRange,
  windowOfKey,
} from "./time-windows.ts";

/** What keys depend on besides the definition. */
export interface PartitionKeysContext {
  /** Epoch seconds; which time windows are over. */
  readonly now: number;
  /** Keys of a dynamic partition set, in order of creation. */
  readonly dynamicKeys: (name: string) => readonly string[];
}

const SEPARATOR = "|";

/** Dimensions in the order in which their keys are joined. */
export const dimensionsOf = (
  partitions: MultiPartitionsDefinition,
): readonly (readonly [name: string, partitions: SinglePartitionsDefinition])[] =>
  Object.entries(partitions.dimensions).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Every key that exists now, in the host's order. */
export function partitionKeys(
  partitions: PartitionsDefinition,
  context: PartitionKeysContext,
): readonly string[] {
  switch (partitions.kind) {
    case "static":
      return partitions.keys;
    case "dynamic":
      return context.dynamicKeys(partitions.name);
    case "timeWindow":
      return timeWindowKeys(partitions, context.now);
    case "multi":
      return product(dimensionsOf(partitions).map(([, dimension]) => partitionKeys(dimension, context)));
    default:
      return partitions satisfies never;
  }
}

/** Keys from the range's start to its end, both included. Throws `DefinitionsError` for unknown keys. */
export function partitionKeysInRange(
  partitions: PartitionsDefinition,
  range: PartitionKeyRange,
  context: PartitionKeysContext,
): readonly string[] {
  if (partitions.kind === "timeWindow") {
    return timeWindowKeysInRange(partitions, range.start, range.end);
  }
  if (partitions.kind === "multi") {
    const starts = splitMultiKey(partitions, range.start);
    const ends = splitMultiKey(partitions, range.end);
    return product(
      dimensionsOf(partitions).map(([name, dimension]) =>
        partitionKeysInRange(dimension, { start: starts[name] ?? "", end: ends[name] ?? "" }, context),
      ),
    );
  }
  const keys = partitionKeys(partitions, context);
  const from = keys.indexOf(range.start);
  const to = keys.indexOf(range.end);
  if (from === -1 || to === -1) {
    const missing = from === -1 ? range.start : range.end;
    throw new DefinitionsError(`partition \`${missing}\` does not exist`);
  }
  return keys.slice(from, to + 1);
}

/** True when the key exists now. */
export function hasPartitionKey(
  partitions: PartitionsDefinition,
  key: string,
  context: PartitionKeysContext,
): boolean {
  return partitionKeyTest(partitions, context)(key);
}

/** Tells of many keys which exist now; what must be listed for that is listed once. */
export function partitionKeyTest(
  partitions: PartitionsDefinition,
  context: PartitionKeysContext,
): (key: string) => boolean {
  if (partitions.kind === "timeWindow") return (key) => hasTimeWindowKey(partitions, key, context.now);
  if (partitions.kind !== "multi") {
    const keys = new Set(partitionKeys(partitions, context));
    return (key) => keys.has(key);
  }
  const tests = dimensionsOf(partitions).map(([, dimension]) => partitionKeyTest(dimension, context));
  return (key) => {
    const parts = key.split(SEPARATOR);
    return parts.length === tests.length && tests.every((test, i) => test(parts[i] ?? ""));
  };
}

/** `a|b` to its dimensions. Throws `DefinitionsError` when the number of parts is wrong. */
export function splitMultiKey(
  partitions: MultiPartitionsDefinition,
  key: string,
): Readonly<Record<string, string>> {
  const parts = key.split(SEPARATOR);
  const dimensions = dimensionsOf(partitions);
  if (parts.length !== dimensions.length) {
    const names = dimensions.map(([name]) => name).join(SEPARATOR);
    throw new DefinitionsError(`partition key \`${key}\` must have the form \`${names}\``);
  }
  return Object.fromEntries(dimensions.map(([name], i) => [name, parts[i] ?? ""]));
}

/** The key that joins one key of each dimension. */
export const joinMultiKey = (
  partitions: MultiPartitionsDefinition,
  keys: Readonly<Record<string, string>>,
): string =>
  dimensionsOf(partitions)
    .map(([name]) => keys[name] ?? "")
    .join(SEPARATOR);

function product(lists: readonly (readonly string[])[]): readonly string[] {
  const [head, ...rest] = lists;
  if (head === undefined) return [];
  return rest.reduce<readonly string[]>(
    (joined, list) => joined.flatMap((key) => list.map((next) => key + SEPARATOR + next)),
    head,
  );
}

/** The span of time that a key stands for. */
export const partitionWindow = (partitions: TimeWindowPartitionsDefinition, key: string): TimeWindow =>
  windowOfKey(partitions, key);

/** Keys of the windows that start inside a span of time. */
export const partitionKeysInWindow = (
  partitions: TimeWindowPartitionsDefinition,
  span: TimeWindow,
): readonly string[] => keysInWindow(partitions, span);
