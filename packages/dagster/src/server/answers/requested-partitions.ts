import { DefinitionsError } from "../../definitions/errors.ts";
import type { DynamicPartitionsRequest, RunRequest } from "../../definitions/instigators.ts";
import { partitionKeyTest } from "../../definitions/partition-keys.ts";
import type { PartitionsDefinition } from "../../definitions/partitions.ts";
import { keysContext, type PartitionStore } from "../../worker/plan/partitions.ts";

/** What a tick asked for. */
interface Requests {
  /** Such as "sensor `on_order`", for the message. */
  readonly who: string;
  readonly runs: readonly RunRequest[];
  readonly dynamic?: readonly DynamicPartitionsRequest[] | undefined;
  readonly partitionsOf: (request: RunRequest) => PartitionsDefinition | undefined;
}

/** Throws `DefinitionsError` for partitions that do not exist after the tick: no run of them could work. */
export async function refuseUnknownPartitions(requests: Requests, store: PartitionStore): Promise<void> {
  const after = storeAfter(store, requests.dynamic ?? []);
  const tests = new Map<PartitionsDefinition, (key: string) => boolean>();
  for (const request of requests.runs) {
    const key = request.partitionKey;
    const partitions = key === undefined ? undefined : requests.partitionsOf(request);
    if (key === undefined || partitions === undefined) continue;
    const exists =
      tests.get(partitions) ?? partitionKeyTest(partitions, await keysContext([partitions], after));
    tests.set(partitions, exists);
    if (exists(key)) continue;
    const hint =
      partitions.kind === "dynamic"
        ? `; add it in dynamicPartitionsRequests, to \`${partitions.name}\`, of the same result`
        : "";
    throw new DefinitionsError(`${requests.who} asked for partition \`${key}\`, which does not exist${hint}`);
  }
}

/** Keys of dynamic partitions as they will be when the host has done what the tick asks for; each read once. */
function storeAfter(store: PartitionStore, requests: readonly DynamicPartitionsRequest[]): PartitionStore {
  const known = new Map<string, Promise<readonly string[]>>();
  const read = async (name: string): Promise<readonly string[]> => {
    const keys = new Set(await store.dynamicPartitions(name));
    for (const { partitionsDefName, add = [], delete: gone = [] } of requests) {
      if (partitionsDefName !== name) continue;
      for (const key of add) keys.add(key);
      for (const key of gone) keys.delete(key);
    }
    return [...keys];
  };
  return {
    dynamicPartitions: (name) => {
      const keys = known.get(name) ?? read(name);
      known.set(name, keys);
      return keys;
    },
  };
}
