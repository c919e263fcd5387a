import { openCommandState } from "../run/environment.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { findRun } from "./find-run.ts";

export const cost = defineCommand({
  name: "cost",
  summary: "Show what a run has cost, model by model",
  flags: {},
  positionals: [{ name: "run_id", help: "id of the run, or `latest`" }],
  run: async ({ positionals }, context) => {
    using state = await openCommandState(context, "read");
    const run = await findRun(state, positionals.run_id);
    // An embedded database bills nobody.
    const costUsd = 0;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "cost",
        run_id: run.runId,
        status: run.status,
        trigger: run.trigger,
        started_at: run.startedAt,
        finished_at: run.finishedAt,
        duration_ms: run.durationMs,
        ...(run.adapterType === undefined ? {} : { adapter_type: run.adapterType }),
        total_cost_usd: costUsd,
        total_duration_ms: run.models.reduce((sum, model) => sum + model.durationMs, 0),
        per_model: run.models.map((model) => ({
          model_name: model.modelName,
          status: model.status,
          duration_ms: model.durationMs,
          ...(model.rowsAffected === undefined ? {} : { rows_affected: model.rowsAffected }),
          cost_usd: costUsd,
          ...(model.tenant === undefined ? {} : { tenant: model.tenant }),
        })),
      },
    };
  },
});
