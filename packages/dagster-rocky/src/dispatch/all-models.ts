import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { RockyError, type RunReport } from "../resource/index.ts";
import type { OpRuntime } from "./op-runtime.ts";
import { partitionOptions } from "./partition-options.ts";
import type { Grain } from "./plans.ts";

/** Matches no source, so that only models run. */
const NO_SOURCE = "_dagster_models_only=__none__";

/**
 * Engines may know models that follow a replication only as a whole: without a transformation pipeline they
 * refuse to build a single one.
 */
export const refusesSingleModels = (error: unknown): boolean =>
  error instanceof RockyError &&
  error.kind === "command" &&
  /no transformation pipeline|--model\b/i.test(error.message);

/** Builds all models of the project in one call, without copying any source. At most once per op. */
export const createAllModels = (
  grain: Grain | undefined,
  context: AssetExecutionContext,
  { resource, call }: OpRuntime,
): (() => Promise<RunReport>) => {
  let report: Promise<RunReport> | undefined;
  return () => {
    if (report === undefined) {
      context.log.warn(
        "The engine does not build single models of this project; building all of them in one call",
      );
      const options = { filter: NO_SOURCE, runModels: true, ...partitionOptions(context, grain) };
      report = resource.run(options, call).then((run): RunReport => ({ run }));
    }
    return report;
  };
};
