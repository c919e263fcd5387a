import type { FreshnessPolicy as Policy } from "./assets.ts";
import { isCron } from "./calendar/cron.ts";
import { DefinitionsError } from "./errors.ts";

/** When an asset counts as late; the host evaluates it. Durations are seconds. */
export type FreshnessPolicy = Policy;

export const FreshnessPolicy = {
  /** Late when nothing was materialised for `failWindow`; a warning after `warnWindow`, which is shorter. */
  timeWindow({ failWindow, warnWindow }: { failWindow: number; warnWindow?: number }): Policy {
    if (failWindow < 60) throw new DefinitionsError("a freshness policy's failWindow is at least 60 seconds");
    if (warnWindow !== undefined && (warnWindow < 60 || warnWindow > failWindow)) {
      throw new DefinitionsError(
        "a freshness policy's warnWindow lies between 60 seconds and its failWindow",
      );
    }
    return { kind: "timeWindow", failWindow, ...(warnWindow === undefined ? {} : { warnWindow }) };
  },

  /** Must be materialised between `lowerBoundDelta` before each tick of `deadlineCron` and the tick itself. */
  cron(options: { deadlineCron: string; lowerBoundDelta: number; timezone?: string }): Policy {
    const { deadlineCron, lowerBoundDelta, timezone = "UTC" } = options;
    if (!isCron(deadlineCron)) throw new DefinitionsError(`\`${deadlineCron}\` is not a cron string`);
    if (lowerBoundDelta < 60) {
      throw new DefinitionsError("a freshness policy's lowerBoundDelta is at least 60 seconds");
    }
    return { kind: "cron", deadlineCron, lowerBoundDelta, timezone };
  },
} as const;
