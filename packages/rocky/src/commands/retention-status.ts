import { RockyError } from "../errors.ts";
import { loadModels } from "../models/index.ts";
import { renderTable } from "../output/table.ts";
import type { RetentionStatusOutput } from "../output/schemas/retention-status.ts";
import { didYouMean } from "../suggest.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";

const render = ({ models, message }: RetentionStatusOutput): string => {
  const days = (count: number | null | undefined): string =>
    typeof count !== "number" ? "-" : `${count} days`;
  const rows = models.map(({ model, configured_days, warehouse_days, in_sync }) => [
    model,
    days(configured_days),
    days(warehouse_days),
    in_sync ? "yes" : "no",
  ]);
  return `${renderTable(["MODEL", "CONFIGURED", "WAREHOUSE", "IN SYNC"], rows)}${message === undefined ? "" : `${message}\n`}`;
};

/** Why there is nothing to report under `--drift`. */
const emptyMessage = (model: string | undefined): string =>
  model === undefined ? "no model declares a retention" : `model '${model}' declares no retention`;

export const retentionStatus = defineCommand({
  name: "retention-status",
  summary: "Report the retention that models declare",
  flags: {
    models: stringFlag("Models directory (default models)", "DIR"),
    model: stringFlag("Only this model", "NAME"),
    drift: booleanFlag("Only models with a retention, compared with the warehouse where it can tell"),
  },
  positionals: [],
  run: ({ flags }, context) => {
    const directory = flags.models ?? "models";
    const { models } = loadModels(context.files, context.env, directory);
    if (models.length === 0)
      throw new RockyError("no_models", `no models found in '${directory}'`, {
        where: { file: directory },
        hint: "name another folder with --models",
      });
    const names = models.map((model) => model.name);
    if (flags.model !== undefined && !names.includes(flags.model)) {
      const near = didYouMean(flags.model, names);
      throw new RockyError("unknown_name", `no model named '${flags.model}' in '${directory}'`, {
        where: { file: directory },
        ...(near === undefined ? {} : { hint: near }),
      });
    }
    // No supported warehouse tells its retention yet, so a declared one can never be confirmed as in sync.
    const rows = models
      .filter((model) => flags.model === undefined || model.name === flags.model)
      .filter((model) => !flags.drift || model.retention !== undefined)
      .map((model) =>
        model.retention === undefined
          ? { model: model.name, in_sync: true }
          : { model: model.name, configured_days: model.retention.days, in_sync: false },
      );
    const output: RetentionStatusOutput = {
      version: ENGINE_VERSION,
      command: "retention-status",
      models: rows,
      ...(rows.length === 0 ? { message: emptyMessage(flags.model) } : {}),
    };
    return { payload: output, table: () => render(output) };
  },
});
