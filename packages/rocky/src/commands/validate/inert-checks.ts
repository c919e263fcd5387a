import type { ChecksConfig, Pipeline, PipelineType } from "../../config/index.ts";

type CheckKey = "freshness" | "null_rate" | "custom" | "cross_source_overlap" | "assertions";

/** Checks that a pipeline type really executes. */
const EXECUTED: Readonly<Record<PipelineType, readonly CheckKey[]>> = {
  replication: ["freshness", "null_rate", "custom", "cross_source_overlap", "assertions"],
  quality: ["custom", "assertions"],
  transformation: [],
  snapshot: [],
  load: [],
};

const configured = (checks: ChecksConfig): readonly CheckKey[] => {
  const keys: readonly (readonly [CheckKey, boolean])[] = [
    ["freshness", checks.freshness !== undefined],
    ["null_rate", checks.nullRate !== undefined],
    ["custom", checks.custom.length > 0],
    ["cross_source_overlap", checks.crossSourceOverlap !== undefined],
    ["assertions", checks.assertions.length > 0],
  ];
  return keys.filter(([, isSet]) => isSet).map(([key]) => key);
};

/** Configured checks that no run of this pipeline would ever execute. */
export const inertChecks = (pipeline: Pipeline): readonly CheckKey[] =>
  configured(pipeline.checks).filter((key) => !EXECUTED[pipeline.type].includes(key));
