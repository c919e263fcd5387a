import { createResourceValues } from "../definitions/resource-values.ts";
import { resolveConfig } from "../definitions/resolve-config.ts";
import type { ResourceMap } from "../definitions/resources.ts";

/** Resources of one process for its schedules and sensors, made when one first asks. */
export interface LazyResources {
  get(keys: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
  dispose(): Promise<void>;
}

/** There is no run yet, so each gets its config's defaults. */
export const lazyResources = (
  definitions: ResourceMap,
  env: Readonly<Record<string, string | undefined>>,
): LazyResources => {
  const values = createResourceValues(definitions, (key) =>
    resolveConfig(definitions[key]?.config ?? {}, {}, `resources.${key}.config`, env),
  );
  return {
    async get(keys) {
      // A failed attempt is not kept: the outside world may be in order by now.
      await values.forgetFailed();
      return Object.fromEntries(
        await Promise.all(keys.map(async (key) => [key, await values.get(key)] as const)),
      );
    },
    async dispose() {
      const [error] = await values.dispose();
      if (error !== undefined) throw error;
    },
  };
};
