import type { BuildContext } from "./build-context.ts";

/** Says in the log what the last discovery found odd. */
export function warnOfDiscovery({ state, log }: BuildContext): void {
  const { collisionCandidates, newSources, failedSources } = state.discover;
  for (const { externalObjectId, sources } of collisionCandidates) {
    log.warn(
      `${externalObjectId} was discovered in ${sources.length} schemas (${sources.join(", ")}); they may be one source.`,
    );
  }
  if (newSources.length > 0) log.warn(`New sources since the refresh before: ${newSources.join(", ")}.`);
  for (const { id, errorClass, message } of failedSources) {
    log.warn(`Source ${id} could not be discovered (${errorClass}): ${message}`);
  }
  for (const { call, at, reason, keptPrevious } of state.refreshFailures) {
    const shown = keptPrevious ? "; an earlier answer is shown" : "";
    log.warn(`The last refresh could not get "${call}" (${at}): ${reason}${shown}.`);
  }
}
