import type { CompileOutput } from "../../resource/outputs/compile.ts";
import type { DiscoverOutput } from "../../resource/outputs/discover.ts";
import type { LineageEdge, ShownGraph } from "../../resource/outputs/graph.ts";
import type { OptimizeOutput } from "../../resource/outputs/reports.ts";

/** Engine calls of a refresh, in the order of their slots. */
export type StateCall = "discover" | "compile" | "optimize" | "dag" | "lineage";

/** A call that failed while the rest of the refresh went on. */
export interface RefreshFailure {
  readonly call: StateCall;
  /** ISO timestamp, UTC. */
  readonly at: string;
  readonly reason: string;
  /** True when an earlier answer is still shown. */
  readonly keptPrevious: boolean;
}

/** Column lineage of all models, asked once and kept while the models stay as they are. */
export interface UpstreamReads {
  /** Digest of the model, contract and configuration files it was made from. */
  readonly fingerprint: string;
  readonly columnLineage: readonly LineageEdge[];
}

/** The state file, read. */
export interface RockyState {
  readonly discover: DiscoverOutput;
  readonly compile?: CompileOutput;
  readonly upstreamReads?: UpstreamReads;
  readonly optimize?: OptimizeOutput;
  readonly dag?: ShownGraph;
  /** Absent in files of old versions; null or another text in files nobody should have written. */
  readonly dagStatus?: string | null;
  readonly dagError?: string;
  readonly refreshFailures: readonly RefreshFailure[];
}
