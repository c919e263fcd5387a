import { createResourceValues } from "../../definitions/resource-values.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import type { ResourceMap } from "../../definitions/resources.ts";
import { errorInfo } from "../../wire/index.ts";
import type { EventSource } from "../events/entry.ts";
import { resourcesFailed, resourcesReady, resourcesStarting } from "../events/run-events.ts";
import type { EventSink } from "./event-sink.ts";

/** Values that steps share, made when the first of them asks. */
export interface ResourcePool {
  get(keys: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
  /** Disposes in the reverse order of creation; gives the errors. */
  dispose(): Promise<readonly unknown[]>;
}

export function createResourcePool(
  definitions: ResourceMap,
  configOf: (key: string) => JsonObject,
  source: EventSource,
  sink: EventSink,
): ResourcePool {
  const values = createResourceValues(definitions, configOf);

  const announce = async (keys: readonly string[], results: readonly Promise<unknown>[]): Promise<void> => {
    await sink.emit(resourcesStarting(source, keys));
    const failed = (await Promise.allSettled(results)).find((result) => result.status === "rejected");
    await sink.emit(
      failed === undefined
        ? resourcesReady(source, keys)
        : resourcesFailed(source, keys, errorInfo(failed.reason)),
    );
  };

  return {
    get: async (keys) => {
      const fresh = values.missing(keys);
      // All are begun before anything is awaited: another step that asks meanwhile finds them.
      const begun = fresh.map((key) => values.get(key));
      if (fresh.length > 0) await announce(fresh, begun);
      const made = await Promise.all(keys.map(async (key) => [key, await values.get(key)] as const));
      return Object.fromEntries(made);
    },
    dispose: values.dispose,
  };
}
