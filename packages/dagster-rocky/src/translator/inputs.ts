/** What a translator is shown: the engine's words, decoded. */
export type { ModelDetail } from "../resource/outputs/compile.ts";
export type { DiscoveredSource, DiscoveredTable } from "../resource/outputs/discover.ts";
export type { DagNode } from "../resource/outputs/graph.ts";
