import { loadModels } from "../models/index.ts";
import { openCommandState } from "../run/environment.ts";
import { recommend } from "../run/optimize.ts";
import { listRuns } from "../state/runs.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";
import { DEFAULT_MODELS, projectFlags } from "./project-options.ts";

export const optimize = defineCommand({
  name: "optimize",
  summary: "Recommend how models could be materialized, from what runs have cost",
  flags: { ...projectFlags, model: stringFlag("only models whose name contains this", "TEXT") },
  positionals: [],
  run: async ({ flags }, context) => {
    using state = await openCommandState(context, "read");
    const runs = await listRuns(state);
    const { models } = loadModels(context.files, context.env, flags.models ?? DEFAULT_MODELS);
    const consumers = new Map<string, number>();
    for (const name of models.flatMap((model) => model.dependsOn)) {
      consumers.set(name, (consumers.get(name) ?? 0) + 1);
    }
    const recommendations = recommend(runs, consumers, flags.model);
    const message = "no run has been recorded yet; run the pipeline first";
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "optimize",
        recommendations,
        total_models_analyzed: recommendations.length,
        ...(recommendations.length === 0
          ? { message }
          : { incrementality_note: "`rocky compile` shows which models could be incremental" }),
      },
      table: () =>
        recommendations.length === 0
          ? `${message}\n`
          : recommendations
              .map((one) => `${one.model_name}  ${one.recommended_strategy}  ${one.reasoning}\n`)
              .join(""),
    };
  },
});
