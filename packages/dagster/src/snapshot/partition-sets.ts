import type { BackfillPolicy } from "../definitions/partitions.ts";
import type { CompiledJob, CompiledRepository } from "../planning/index.ts";
import { compareText, type WireObject, wire } from "../wire/index.ts";
import { backfillPolicy, partitionsData } from "./partitions.ts";

export const partitionSetName = (jobName: string): string => `${jobName}_partition_set`;

/** One per job whose assets share one partitions definition. */
export function partitionSets(repository: CompiledRepository): readonly WireObject[] {
  return repository.jobs
    .filter((job) => job.partitionsDef !== undefined)
    .toSorted((a, b) => compareText(partitionSetName(a.name), partitionSetName(b.name)))
    .map(partitionSet);
}

function partitionSet(job: CompiledJob): WireObject {
  return wire("ExternalPartitionSetData", {
    name: partitionSetName(job.name),
    pipeline_name: job.name,
    solid_selection: null,
    mode: "default",
    external_partitions_data: job.partitionsDef === undefined ? null : partitionsData(job.partitionsDef),
    backfill_policy: backfillPolicy(jobBackfillPolicy(job)),
  });
}

/** The most careful of the assets' policies; an asset without one takes one partition per run. */
function jobBackfillPolicy(job: CompiledJob): BackfillPolicy {
  let fewest = Number.POSITIVE_INFINITY;
  let isPartitioned = false;
  for (const asset of job.selection.assets) {
    if (asset.partitionsDef === undefined || asset.op?.definition.kind !== "assets") continue;
    isPartitioned = true;
    const policy = asset.op.definition.backfillPolicy;
    fewest = Math.min(
      fewest,
      policy === undefined ? 1 : (policy.maxPartitionsPerRun ?? Number.POSITIVE_INFINITY),
    );
  }
  if (!isPartitioned) return { maxPartitionsPerRun: 1 };
  return { maxPartitionsPerRun: Number.isFinite(fewest) ? fewest : null };
}
