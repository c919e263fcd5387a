import { openCommandState } from "../run/environment.ts";
import type { ModelExecution } from "../state/runs.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { findRun } from "./find-run.ts";

interface Placed {
  readonly model: ModelExecution;
  readonly offset: number;
  readonly lane: number;
}

/** Puts executions that overlapped into lanes side by side, each into the first lane that is free. */
const place = (models: readonly ModelExecution[], startedAt: number): readonly Placed[] => {
  const free: number[] = [];
  return [...models]
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0))
    .map((model) => {
      const begin = Date.parse(model.startedAt);
      const found = free.findIndex((end) => end <= begin);
      const lane = found < 0 ? free.length : found;
      free[lane] = begin + model.durationMs;
      return { model, offset: Math.max(0, begin - startedAt), lane };
    });
};

export const trace = defineCommand({
  name: "trace",
  summary: "Show when each model of a run was working",
  flags: {},
  positionals: [{ name: "run_id", help: "id of the run, or `latest`" }],
  run: async ({ positionals }, context) => {
    using state = await openCommandState(context, "read");
    const run = await findRun(state, positionals.run_id);
    const placed = place(run.models, Date.parse(run.startedAt));
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "trace",
        run_id: run.runId,
        status: run.status,
        trigger: run.trigger,
        started_at: run.startedAt,
        finished_at: run.finishedAt,
        run_duration_ms: run.durationMs,
        lane_count: placed.reduce((count, { lane }) => Math.max(count, lane + 1), 0),
        models: placed.map(({ model, offset, lane }) => ({
          model_name: model.modelName,
          status: model.status,
          start_offset_ms: offset,
          duration_ms: model.durationMs,
          sql_hash: model.sqlHash,
          ...(model.rowsAffected === undefined ? {} : { rows_affected: model.rowsAffected }),
          lane,
        })),
      },
    };
  },
});
