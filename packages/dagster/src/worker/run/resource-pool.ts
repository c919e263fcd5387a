import type { ResourceDefinition } from "../../definitions/definitions.ts";
import { errorInfo } from "../../wire/index.ts";
import type { EventSource } from "../events/entry.ts";
import { resourcesFailed, resourcesReady, resourcesStarting } from "../events/run-events.ts";
import { StepError } from "../events/step-errors.ts";
import type { EventSink } from "./event-sink.ts";

/** Values that steps share, made when the first of them asks. */
export interface ResourcePool {
  get(keys: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
  /** Disposes in the reverse order of creation; gives the errors. */
  dispose(): Promise<readonly unknown[]>;
}

export function createResourcePool(
  definitions: Readonly<Record<string, ResourceDefinition>>,
  source: EventSource,
  sink: EventSink,
): ResourcePool {
  const made = new Map<string, Promise<unknown>>();

  const create = async (keys: readonly string[]): Promise<void> => {
    await sink.emit(resourcesStarting(source, keys));
    const results = await Promise.allSettled(keys.map((key) => made.get(key)));
    const failed = results.find((result) => result.status === "rejected");
    await sink.emit(
      failed === undefined
        ? resourcesReady(source, keys)
        : resourcesFailed(source, keys, errorInfo(failed.reason)),
    );
  };

  return {
    get: async (keys) => {
      const fresh = keys.filter((key) => !made.has(key));
      for (const key of fresh) {
        const definition = definitions[key];
        if (definition === undefined) {
          throw new StepError(
            `resource \`${key}\` is required but not defined; known are ${Object.keys(definitions).join(", ") || "none"}`,
          );
        }
        const value = Promise.resolve().then(() => definition.create());
        value.catch(() => undefined);
        made.set(key, value);
      }
      if (fresh.length > 0) await create(fresh);
      const values = await Promise.all(keys.map(async (key) => [key, await made.get(key)] as const));
      return Object.fromEntries(values);
    },

    dispose: async () => {
      const errors: unknown[] = [];
      for (const [key, value] of [...made].reverse()) {
        try {
          await definitions[key]?.dispose?.(await value);
        } catch (error) {
          errors.push(error);
        }
      }
      return errors;
    },
  };
}
