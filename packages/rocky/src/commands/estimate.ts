import { createRunEnvironment } from "../run/environment.ts";
import { failureText } from "../run/failure.ts";
import { compileForRun, loadRunModels, modelsDirectoryOf, selectTransformation } from "../run/project.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";
import { parseVariables, projectFlags, unknownModel, variableFlag } from "./project-options.ts";

/** The largest number of rows that a step of DuckDB's plan expects. */
const rowsIn = (plan: string): number | undefined => {
  const counts = [...plan.matchAll(/~\s*([\d,]+)\s+rows?/gi)].map(([, count]) =>
    Number((count ?? "").replaceAll(",", "")),
  );
  return counts.length === 0 ? undefined : Math.max(...counts);
};

// Any moment will do to see what the query of one partition costs.
const withWindow = (sql: string): string =>
  sql.replaceAll(/'?@(?:start|end)_date'?/g, "TIMESTAMP '2000-01-01 00:00:00'");

export const estimate = defineCommand({
  name: "estimate",
  summary: "Ask the warehouse how it would run the models, without running them",
  flags: { ...projectFlags, model: stringFlag("only this model", "NAME"), var: variableFlag },
  positionals: [],
  run: async ({ flags }, context) => {
    await using env = createRunEnvironment(context);
    const pipeline = selectTransformation(env.config, undefined);
    const loaded = loadRunModels(env, modelsDirectoryOf(env.config, { directory: flags.models, pipeline }));
    const base = { version: ENGINE_VERSION, command: "estimate" };
    if (loaded.models.length === 0)
      return { payload: { ...base, estimates: [], total_models: 0, message: "there are no models" } };
    const { compiled } = await compileForRun(env, loaded, parseVariables(flags.var));
    if (flags.model !== undefined && !compiled.models.has(flags.model))
      throw unknownModel(flags.model, compiled.models.keys());
    const chosen = [...compiled.models.values()].filter(
      ({ name, model }) =>
        model.strategy.type !== "ephemeral" && (flags.model === undefined || name === flags.model),
    );
    if (chosen.length === 0) {
      const message = "nothing is run for ephemeral models: they are part of the queries that read them";
      return { payload: { ...base, estimates: [], total_models: 0, message } };
    }
    const session = await env.session(pipeline?.target.adapter ?? "default", "read");
    const estimates: object[] = [];
    for (const { name, sql } of chosen) {
      try {
        const steps = await session.query(`EXPLAIN ${withWindow(sql)}`);
        const plan = steps.map((row) => String(row[1] ?? row[0])).join("\n");
        const rows = rowsIn(plan);
        estimates.push({
          model_name: name,
          ...(rows === undefined ? {} : { estimated_rows: rows }),
          raw_explain: plan,
        });
      } catch (thrown) {
        // A model whose inputs are not built yet says nothing about the others.
        env.emit({ level: "warn", message: `model '${name}' cannot be estimated: ${failureText(thrown)}` });
      }
    }
    return {
      payload: {
        ...base,
        estimates,
        total_models: estimates.length,
        ...(estimates.length === 0 ? { message: "no model can be explained: their inputs are missing" } : {}),
      },
    };
  },
});
