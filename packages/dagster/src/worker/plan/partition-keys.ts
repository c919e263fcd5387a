import type { PartitionKeyRange } from "../../definitions/execution-context.ts";
import type { MultiPartitionsDefinition, PartitionsDefinition } from "../../definitions/partitions.ts";

/** Where dynamic partitions live. */
export interface PartitionStore {
  dynamicPartitions(name: string): Promise<readonly string[]>;
}

/** A key that the partitions definition does not have. */
export class UnknownPartitionError extends Error {
  override readonly name = "UnknownPartitionError";
}

/** All keys of a definition, in order. */
export async function allPartitionKeys(
  definition: PartitionsDefinition,
  store: PartitionStore,
): Promise<readonly string[]> {
  switch (definition.kind) {
    case "static":
      return definition.keys;
    case "dynamic":
      return store.dynamicPartitions(definition.name);
    case "timeWindow":
      throw new UnknownPartitionError("time windows cannot be listed yet");
    case "multi":
      return multiKeys(definition, store);
    default:
      return unreachable(definition);
  }
}

/** The keys from start to end, both included. */
export async function partitionKeysInRange(
  definition: PartitionsDefinition,
  range: PartitionKeyRange,
  store: PartitionStore,
): Promise<readonly string[]> {
  if (definition.kind === "multi") return multiRange(definition, range, store);
  return slice(await allPartitionKeys(definition, store), range);
}

function slice(keys: readonly string[], range: PartitionKeyRange): readonly string[] {
  const start = keys.indexOf(range.start);
  const end = keys.indexOf(range.end);
  if (start < 0 || end < start) {
    throw new UnknownPartitionError(
      `the run's partition range ${range.start}...${range.end} does not lie in the partitions of its assets`,
    );
  }
  return keys.slice(start, end + 1);
}

const dimensionNames = (definition: MultiPartitionsDefinition): string[] =>
  Object.keys(definition.dimensions).sort();

async function multiKeys(
  definition: MultiPartitionsDefinition,
  store: PartitionStore,
): Promise<readonly string[]> {
  let keys: readonly string[] = [];
  for (const [index, name] of dimensionNames(definition).entries()) {
    const dimension = definition.dimensions[name];
    const parts = dimension === undefined ? [] : await allPartitionKeys(dimension, store);
    keys = index === 0 ? parts : keys.flatMap((key) => parts.map((part) => `${key}|${part}`));
  }
  return keys;
}

/** A range of a multi-dimensional set is the product of the ranges of its dimensions. */
async function multiRange(
  definition: MultiPartitionsDefinition,
  range: PartitionKeyRange,
  store: PartitionStore,
): Promise<readonly string[]> {
  const starts = range.start.split("|");
  const ends = range.end.split("|");
  let keys: readonly string[] = [];
  for (const [index, name] of dimensionNames(definition).entries()) {
    const dimension = definition.dimensions[name];
    const part = { start: starts[index] ?? "", end: ends[index] ?? "" };
    const parts = dimension === undefined ? [] : await partitionKeysInRange(dimension, part, store);
    keys = index === 0 ? parts : keys.flatMap((key) => parts.map((next) => `${key}|${next}`));
  }
  return keys;
}

function unreachable(definition: never): never {
  throw new TypeError(`unknown partitions definition ${JSON.stringify(definition)}`);
}
