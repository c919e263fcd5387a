import type { AssetSpec } from "../../definitions/assets.ts";
import type { InstanceReader } from "../../definitions/execution-context.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { EventSource } from "../events/entry.ts";
import type { RunLogs } from "../logging/run-logs.ts";
import type { RunPartitions } from "../plan/partitions.ts";
import type { RunStep } from "../plan/run-plan.ts";
import type { EventSink } from "../run/event-sink.ts";
import type { InputPartitions } from "./data-versions.ts";

/** What every step of a run shares. */
export interface RunScope {
  readonly source: EventSource;
  readonly sink: EventSink;
  readonly logs: RunLogs;
  readonly instance: Pick<Instance, "events" | "runs" | "computeLogs">;
  readonly reader: InstanceReader;
  readonly partitions: RunPartitions;
  readonly runTags: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Partitions that an asset has in this run, in order; undefined when it is not partitioned. */
  readonly partitionsOf: (spec: AssetSpec) => Promise<readonly string[] | undefined>;
  readonly inputPartitions: InputPartitions;
  readonly opConfig: (step: RunStep) => JsonObject;
  readonly resources: (keys: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
}
