import { openCommandState } from "../run/environment.ts";
import type { StateDatabase } from "../state/database.ts";
import {
  listExecutions,
  listExecutionsOf,
  listRuns,
  type ModelExecution,
  type RunRecord,
} from "../state/runs.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, integerFlag, stringFlag } from "./flags.ts";

const DEFAULT_WINDOW = 20;

/** What `--recipe` takes; a table that is copied has no SQL of its own, and so no recipe. */
const recipeOf = ({ sqlHash }: Pick<ModelExecution, "sqlHash">) =>
  sqlHash === "" ? {} : { recipe_identity: { recipe_hash: sqlHash, hash_scheme: "sql" } };

const runEntry = (run: RunRecord, audit: boolean) => ({
  run_id: run.runId,
  started_at: run.startedAt,
  status: run.status,
  trigger: run.trigger,
  models_executed: run.models.length,
  duration_ms: run.durationMs,
  models: run.models.map((model) => ({
    model_name: model.modelName,
    duration_ms: model.durationMs,
    status: model.status,
    ...recipeOf(model),
  })),
  ...(run.pipeline === undefined ? {} : { pipeline: run.pipeline }),
  ...(audit && run.idempotencyKey !== undefined ? { idempotency_key: run.idempotencyKey } : {}),
  ...(audit ? { rocky_version: ENGINE_VERSION } : {}),
});

const dimension = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance);
  const [latest] = values;
  return {
    mean,
    std_dev: deviation,
    ...(latest === undefined || deviation === 0 ? {} : { latest_z_score: (latest - mean) / deviation }),
  };
};

/** Means and deviations over the newest executions; the health score is the share that succeeded. */
const rollingStats = (executions: readonly ModelExecution[], window: number) => {
  const recent = executions.slice(0, window);
  const good = recent.filter(({ status }) => status === "success");
  return {
    window,
    samples: recent.length,
    rows_affected: dimension(
      good.flatMap(({ rowsAffected }) => (rowsAffected === undefined ? [] : [rowsAffected])),
    ),
    duration_ms: dimension(good.map(({ durationMs }) => durationMs)),
    health_score: recent.length === 0 ? 1 : good.length / recent.length,
  };
};

const SINCE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date or a time, of UTC unless it says otherwise, as the state store writes times. */
const startOf = (since: string | undefined): string | undefined => {
  if (since === undefined) return undefined;
  const [, day = "", time = "00:00", zone = "Z"] = SINCE.exec(since) ?? [];
  const moment = new Date(`${day}T${time}${zone}`);
  if (!Number.isNaN(moment.getTime())) return moment.toISOString();
  throw new RockyError("config_invalid", `'${since}' is no date (--since)`, {
    hint: "write it as 2025-01-31",
  });
};

const recipeHistory = async (
  state: StateDatabase,
  recipe: string,
  { since = "", model }: { readonly since: string | undefined; readonly model: string | undefined },
) => {
  const executions = (await listExecutionsOf(state, recipe)).filter(
    ({ startedAt, modelName }) => startedAt >= since && (model === undefined || modelName === model),
  );
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "history",
      recipe_hash: recipe,
      executions: executions.map(
        ({ runId, modelName, startedAt, durationMs, status, sqlHash, rowsAffected }) => ({
          run_id: runId,
          model_name: modelName,
          started_at: startedAt,
          duration_ms: durationMs,
          status,
          sql_hash: sqlHash,
          ...recipeOf({ sqlHash }),
          ...(rowsAffected === undefined ? {} : { rows_affected: rowsAffected }),
        }),
      ),
      count: executions.length,
    },
  };
};

export const history = defineCommand({
  name: "history",
  summary: "List past runs, or the executions of one model",
  flags: {
    model: stringFlag("only executions of this model or table", "NAME"),
    recipe: stringFlag("only executions of models whose SQL has this hash", "HASH"),
    since: stringFlag("only what started on or after this date", "DATE"),
    audit: booleanFlag("also show who ran with what"),
    "rolling-stats": booleanFlag("with --model: mean and deviation of the newest executions"),
    window: integerFlag("executions that --rolling-stats looks at (default 20)", { min: 1 }),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const since = startOf(flags.since);
    using state = await openCommandState(context, "read");
    if (flags.recipe !== undefined) return recipeHistory(state, flags.recipe, { since, model: flags.model });
    if (flags.model === undefined) {
      const runs = await listRuns(state, since === undefined ? {} : { since });
      return {
        payload: {
          version: ENGINE_VERSION,
          command: "history",
          runs: runs.map((run) => runEntry(run, flags.audit)),
          count: runs.length,
        },
        table: () =>
          runs
            .map((run) => `${run.runId}  ${run.status}  ${run.pipeline ?? "-"}  ${run.durationMs} ms\n`)
            .join(""),
      };
    }
    const executions = await listExecutions(state, flags.model, since);
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "history",
        model: flags.model,
        executions: executions.map(({ startedAt, durationMs, status, sqlHash }) => ({
          started_at: startedAt,
          duration_ms: durationMs,
          status,
          sql_hash: sqlHash,
          ...recipeOf({ sqlHash }),
        })),
        count: executions.length,
        ...(flags["rolling-stats"]
          ? { rolling_stats: rollingStats(executions, flags.window ?? DEFAULT_WINDOW) }
          : {}),
      },
      table: () =>
        executions
          .map(({ startedAt, status, durationMs }) => `${startedAt}  ${status}  ${durationMs} ms\n`)
          .join(""),
    };
  },
});
