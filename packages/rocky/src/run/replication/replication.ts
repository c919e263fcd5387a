import type { Session } from "../../adapters/adapter.ts";
import type { ReplicationPipeline } from "../../config/index.ts";
import type { StateDatabase } from "../../state/database.ts";
import type { Measured } from "../checks/table-checks.ts";
import type { RunEnvironment } from "../environment.ts";
import type { Attempt } from "../output.ts";
import type { RunReport } from "../report.ts";
import type { Shadow } from "../shadow.ts";
import type { CopyResult } from "./copy-table.ts";
import type { SourceFilter } from "./filter.ts";
import type { CopyTask } from "./tasks.ts";

/** One run of a replication pipeline: what it works with and where results go. */
export interface Replication {
  readonly env: RunEnvironment;
  readonly pipeline: ReplicationPipeline;
  readonly session: Session;
  readonly state: StateDatabase;
  readonly report: RunReport;
  readonly runId: string;
  readonly filter: SourceFilter | undefined;
  readonly shadow: Shadow | undefined;
  /** Tables that this run finished well are not copied again. */
  readonly resume: string | undefined;
}

/** A table that was copied; `measured` stays empty until its checks have been asked. */
export interface Finished {
  readonly task: CopyTask;
  readonly copied: CopyResult;
  readonly measured: Measured;
  readonly startedAt: Date;
  readonly durationMs: number;
}

export interface Failure {
  readonly index: number;
  readonly task: CopyTask;
  readonly error: unknown;
  readonly attempts: readonly Attempt[];
}

/** What is known of the tables while they are worked through, by their place in the plan. */
export interface Progress {
  readonly run: Replication;
  readonly watermarks: ReadonlyMap<string, string>;
  readonly unfinished: ReadonlySet<string>;
  readonly finished: Map<number, Finished>;
  readonly failures: Failure[];
}
