import type { InstanceSettings } from "../../instance/settings.ts";
import type { PoolLimit, PoolStorage } from "../../instance/storage.ts";

/** Slots of the instance's pools, as one run takes and returns them. */
export interface PoolClaims {
  /** True when the step may start. */
  claim(pool: string, stepKey: string, priority: number): Promise<boolean>;
  release(stepKey: string): Promise<void>;
  /** Gives back everything, also queue entries of steps that never started. */
  releaseAll(): Promise<void>;
}

export function createPoolClaims(
  pools: PoolStorage,
  settings: InstanceSettings["pools"],
  run: { readonly runId: string; readonly priority: number },
): PoolClaims {
  const touched = new Set<string>();

  const limitOf = async (pool: string): Promise<PoolLimit | undefined> => {
    const known = (await pools.limits()).get(pool);
    const { defaultLimit } = settings;
    const isStale = known?.fromDefault === true && known.limit !== defaultLimit;
    if (defaultLimit === undefined || (known !== undefined && !isStale)) return known;
    await pools.applyDefault(pool, defaultLimit);
    return { limit: defaultLimit, fromDefault: true };
  };

  return {
    claim: async (pool, stepKey, priority) => {
      // The run queue holds pools of run granularity.
      if (settings.granularity === "run") return true;
      if ((await limitOf(pool)) === undefined) return true;
      touched.add(stepKey);
      return pools.claim(pool, run.runId, stepKey, run.priority + priority);
    },
    release: async (stepKey) => {
      if (touched.delete(stepKey)) await pools.release(run.runId, stepKey);
    },
    releaseAll: async () => {
      if (touched.size === 0) return;
      touched.clear();
      await pools.release(run.runId);
    },
  };
}
