import type { BuildContext } from "./build-context.ts";

/** Says in the log what is odd about the state. */
export function warnOfDiscovery({ state, options, log }: BuildContext): void {
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
  // A state of Python's: it asks for lineage on every load, which a load here never does.
  if (options.surfaceColumnLineage && !options.dagMode && state.compile && !state.upstreamReads) {
    log.info('The state holds no column lineage yet; the next "dagster-rocky refresh" adds it.');
  }
}
