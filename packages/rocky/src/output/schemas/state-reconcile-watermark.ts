import { choice, flag, list, nullable, object, text, type Static } from "../schema.ts";

const reconciledWatermark = object({
  previous: nullable(text),
  table: text,
  target_max: nullable(text),
  watermark: nullable(text),
});

export const stateReconcileWatermarkSchema = object({
  command: choice("state reconcile-watermark"),
  dry_run: flag,
  pipeline: text,
  version: text,
  watermarks: list(reconciledWatermark),
});
export type StateReconcileWatermarkOutput = Static<typeof stateReconcileWatermarkSchema>;
