import { partitionKeys } from "../../definitions/partition-keys.ts";
import { requireJob, type CompiledJob } from "../../planning/index.ts";
import {
  jobOfPartitionSet,
  partitionConfig,
  partitionNames,
  partitionSetParams,
  partitionTagsReply,
} from "../../snapshot/index.ts";
import { type JsonRecord, readItems, readObject, readText, type WireValue } from "../../wire/index.ts";
import type { LocationContext } from "./location-context.ts";

/** Older hosts name the partition set, newer ones the job. */
const jobOf = ({ repository }: LocationContext, args: JsonRecord): CompiledJob => {
  const jobName = readText(args.job_name);
  if (jobName !== undefined) return requireJob(repository, jobName);
  return jobOfPartitionSet(repository, readText(args.partition_set_name) ?? "");
};

export const partitionNamesAnswer = (context: LocationContext, text: string): WireValue => {
  const { partitionsDef } = jobOf(context, readObject(text, "PartitionNamesArgs"));
  if (partitionsDef === undefined) return partitionNames([]);
  // Dynamic partitions are the host's own: it lists them without asking, and this request names no instance.
  return partitionNames(partitionKeys(partitionsDef, { now: Date.now() / 1000, dynamicKeys: () => [] }));
};

const keyed =
  (reply: (job: CompiledJob, key: string) => WireValue) =>
  (context: LocationContext, text: string): WireValue => {
    const args = readObject(text, "PartitionArgs");
    return reply(jobOf(context, args), readText(args.partition_name) ?? "");
  };

export const partitionConfigAnswer = keyed(partitionConfig);
export const partitionTagsAnswer = keyed(partitionTagsReply);

export const partitionSetParamsAnswer = ({ repository }: LocationContext, text: string): WireValue => {
  const args = readObject(text, "PartitionSetExecutionParamArgs");
  const job = jobOfPartitionSet(repository, readText(args.partition_set_name) ?? "");
  const keys = (readItems(args.partition_names) ?? []).map((key) => readText(key) ?? "");
  return partitionSetParams(job, keys);
};
