export { executeInInstance } from "./execute-in-instance.ts";
export { type MaterializeOptions, materialize } from "./materialize.ts";
export {
  createRecordingInstance,
  type RecordingInstance,
  type RecordingInstanceOptions,
} from "./recording-instance.ts";
export type { AssetSummary, CheckSummary, RunSummary, StepSummary } from "./run-summary.ts";
export { createInstanceReader } from "../worker/run/instance-reader.ts";
