import { RockyError } from "../errors.ts";
import { checkCompliance } from "../governance/compliance.ts";
import { loadModels } from "../models/index.ts";
import { renderTable } from "../output/table.ts";
import type { ComplianceOutput } from "../output/schemas/compliance.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, choiceFlag, stringFlag } from "./flags.ts";

const render = ({ summary, per_column, exceptions }: ComplianceOutput): string => {
  const rows = per_column.flatMap(({ model, column, classification, envs }) =>
    envs.map(({ env, masking_strategy, enforced }) => [
      model,
      column,
      classification,
      env,
      masking_strategy,
      enforced ? "yes" : "no",
    ]),
  );
  const table = renderTable(["MODEL", "COLUMN", "TAG", "ENVIRONMENT", "MASK", "ENFORCED"], rows);
  const notes = exceptions.map(
    ({ model, column, env, reason }) => `! ${model}.${column} in ${env}: ${reason}`,
  );
  const counts = `${summary.total_classified} classified, ${summary.total_masked} masked, ${summary.total_exceptions} exceptions`;
  return `${[table, ...notes, counts].join("\n")}\n`;
};

export const compliance = defineCommand({
  name: "compliance",
  summary: "Check that every classified column resolves to a mask",
  flags: {
    env: stringFlag("Only this environment", "ENV"),
    "exceptions-only": booleanFlag("List only columns that have an exception"),
    "fail-on": choiceFlag("Exit 1 when there is one", ["exception"]),
    models: stringFlag("Models directory (default models)", "DIR"),
  },
  positionals: [],
  run: ({ flags }, context) => {
    const config = context.loadConfig();
    const { models } = loadModels(context.files, context.env, flags.models ?? "models");
    const output: ComplianceOutput = {
      version: ENGINE_VERSION,
      command: "compliance",
      ...checkCompliance({
        models,
        mask: config.mask,
        allowUnmasked: config.allowUnmasked,
        exceptionsOnly: flags["exceptions-only"],
        ...(flags.env === undefined ? {} : { environment: flags.env }),
      }),
    };
    const gate = flags["fail-on"] === "exception" && output.exceptions.length > 0;
    return {
      payload: output,
      table: () => render(output),
      ...(gate
        ? {
            error: new RockyError("check_failed", `${output.exceptions.length} compliance exception(s)`, {
              where: { file: context.configPath, key: "mask" },
              hint: "add a mask strategy for the tag, or list it in [classifications] allow_unmasked",
            }),
          }
        : {}),
    };
  },
});
