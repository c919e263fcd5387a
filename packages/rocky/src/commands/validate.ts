import { type InspectedConfig, inspectConfig, type RockyConfig } from "../config/index.ts";
import { formatLocation, RockyError } from "../errors.ts";
import type { Files } from "../ports.ts";
import type { ValidateMessage, ValidateOutput } from "../output/schemas/validate.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { validateAdapter } from "./validate/adapters.ts";
import { lint } from "./validate/lints.ts";
import { validateModels } from "./validate/models.ts";
import { validatePipelineGraph } from "./validate/pipeline-graph.ts";
import { validatePipeline } from "./validate/pipelines.ts";
import { createReport, type Report } from "./validate/report.ts";
import { validateSchedules } from "./validate/schedules.ts";

const NO_MODELS = { found: false, count: 0, dag_valid: false };

const inspect = (context: CommandContext, report: Report): InspectedConfig | undefined => {
  const file = context.configPath;
  try {
    const inspected = inspectConfig(context.files, context.env, file);
    report.say("ok", "V001", "Config syntax valid (v2 format)", { file });
    return inspected;
  } catch (thrown) {
    const error = RockyError.from(thrown);
    const where = formatLocation(error.where);
    const parts = [
      `Failed to parse config: ${error.message}`,
      where === "" ? undefined : `at ${where}`,
      error.hint,
    ];
    report.say("error", "V001", parts.filter((part) => part !== undefined).join("\n"), { file });
    return undefined;
  }
};

/** Numbers in a key's path (`table_overrides.0`) point too deep for an editor that jumps to keys. */
const fieldOf = (key: string): string => key.replace(/\.\d+(?:\..*)?$/, "");

/** Severity lint, because the original reads such a file without a word and calls the project valid. */
const listenTo = (files: Files, report: Report): Files => ({
  ...files,
  warn: ({ message, hint, file, line, key }) =>
    report.say("lint", "L010", hint === undefined ? message : `${message}; ${hint}`, {
      file: line === undefined ? file : `${file}:${line}`,
      field: key,
    }),
});

const sections = (config: RockyConfig, context: CommandContext, report: Report) => {
  if (config.adapters.length === 0) report.say("warn", "V010", "No adapters defined", { field: "adapter" });
  if (config.pipelines.length === 0)
    report.say("warn", "V020", "No pipelines defined", { field: "pipeline" });
  const adapters = config.adapters.map((adapter) => ({
    name: adapter.name,
    adapter_type: adapter.type,
    ok: validateAdapter(adapter, report),
  }));
  const scope = { config, files: context.files, report };
  const pipelines = config.pipelines.map((pipeline) => ({
    name: pipeline.name,
    pipeline_type: pipeline.type,
    strategy: pipeline.type === "replication" ? pipeline.strategy : "",
    catalog_template: pipeline.type === "replication" ? pipeline.target.catalogTemplate : "",
    schema_template: pipeline.type === "replication" ? pipeline.target.schemaTemplate : "",
    ok: validatePipeline(scope, pipeline),
  }));
  validateSchedules(config, report);
  validatePipelineGraph(config.pipelines, report);
  const { status, models } = validateModels(config, listenTo(context.files, report), context.env, report);
  lint(config, models, report);
  return { adapters, pipelines, models: status };
};

const MARKS: Readonly<Record<ValidateMessage["severity"], string>> = {
  ok: "  ok",
  warn: "warn",
  error: " ERR",
  lint: "note",
};

const renderTable = (output: ValidateOutput): string => {
  const lines = output.messages.map((message) => {
    const place = [message.file, message.field].filter((part) => part !== undefined).join(" ");
    return `${MARKS[message.severity]}  ${message.code}  ${message.message}${place === "" ? "" : `  [${place}]`}`;
  });
  return `${lines.join("\n")}\n\n${output.valid ? "The project is valid." : "The project is not valid."}\n`;
};

export const validate = defineCommand({
  name: "validate",
  summary: "Check the configuration and the models without touching a warehouse",
  flags: {},
  positionals: [],
  run: (_args, context) => {
    const report = createReport();
    const inspected = inspect(context, report);
    for (const { code, message, hint, key } of inspected?.broken ?? [])
      report.say("error", code, hint === undefined ? message : `${message}; ${hint}`, {
        file: context.configPath,
        field: fieldOf(key),
      });
    const found =
      inspected === undefined
        ? { adapters: [], pipelines: [], models: NO_MODELS }
        : sections(inspected.config, context, report);
    const output: ValidateOutput = {
      version: ENGINE_VERSION,
      command: "validate",
      valid: report.messages.every((message) => message.severity !== "error"),
      ...found,
      messages: report.messages,
    };
    return { payload: output, table: () => renderTable(output), exitCode: output.valid ? 0 : 1 };
  },
});
