import type { RunVariables } from "../models/index.ts";
import type { PartitionRequest } from "./partitions/plan.ts";
import type { Shadow } from "./shadow.ts";

/** What `run`, `apply` and the DAG runner ask for; flags have been read and checked. */
export interface RunRequest {
  readonly pipeline?: string;
  readonly filter?: string;
  readonly model?: string;
  /** `--models`; also makes a replication run its models afterwards. */
  readonly modelsDirectory?: string;
  readonly all: boolean;
  readonly partitions: PartitionRequest;
  readonly shadow?: Shadow;
  readonly resume?: ResumeRequest;
  /** `--env`: whose masks count. */
  readonly environment?: string;
  readonly idempotencyKey?: string;
  readonly variables: RunVariables;
  /** Leave out unchanged models; undefined means what `[run] skip_unchanged` says. */
  readonly skipUnchanged?: boolean;
  /** Schema in which the models that this run does not build are read. */
  readonly deferTo?: string;
  /** Set by the graph runner: names the graph's run that this one is a part of. */
  readonly work?: string;
}

export type ResumeRequest = { readonly kind: "latest" } | { readonly kind: "run"; readonly runId: string };
