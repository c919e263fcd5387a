import { RockyError } from "../errors.ts";
import { loadModels, type Model } from "../models/index.ts";
import { renderTable } from "../output/table.ts";
import { didYouMean } from "../suggest.ts";
import { ENGINE_VERSION } from "../version.ts";
import { type CommandOutcome, defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { stringFlag } from "./flags.ts";

type Row = Readonly<Record<string, string | readonly string[]>>;

const outcome = (what: string, rows: readonly Row[]): CommandOutcome => {
  const columns = Object.keys(rows[0] ?? {});
  const text = (value: string | readonly string[] | undefined): string =>
    typeof value === "string" ? value : (value ?? []).join(", ");
  return {
    payload: { version: ENGINE_VERSION, command: `list ${what}`, [what]: rows, total: rows.length },
    table: () =>
      rows.length === 0
        ? `No ${what}.\n`
        : renderTable(
            columns.map((column) => column.toUpperCase()),
            rows.map((row) => columns.map((column) => text(row[column]))),
          ),
  };
};

export const listPipelines = defineCommand({
  name: "list pipelines",
  summary: "List the pipelines of the configuration",
  flags: {},
  positionals: [],
  run: (_args, context) =>
    outcome(
      "pipelines",
      context.loadConfig().pipelines.map(({ name, type, target, dependsOn }) => ({
        name,
        type,
        adapter: target.adapter,
        depends_on: dependsOn,
      })),
    ),
});

export const listAdapters = defineCommand({
  name: "list adapters",
  summary: "List the adapters of the configuration",
  flags: {},
  positionals: [],
  run: (_args, context) =>
    outcome(
      "adapters",
      context.loadConfig().adapters.map(({ name, type, kind }) => ({ name, type, kind: kind ?? "" })),
    ),
});

export const listSources = defineCommand({
  name: "list sources",
  summary: "List where replication pipelines read from",
  flags: {},
  positionals: [],
  run: (_args, context) =>
    outcome(
      "sources",
      context.loadConfig().pipelines.flatMap((pipeline) =>
        pipeline.type === "replication"
          ? [
              {
                pipeline: pipeline.name,
                adapter: pipeline.source.adapter,
                prefix: pipeline.source.schemaPattern.prefix,
                components: pipeline.source.schemaPattern.components,
              },
            ]
          : [],
      ),
    ),
});

const modelsFlag = { models: stringFlag("Models directory (default models)", "DIR") };

const readModels = (context: CommandContext, directory: string | undefined): readonly Model[] =>
  loadModels(context.files, context.env, directory ?? "models").models;

export const listModels = defineCommand({
  name: "list models",
  summary: "List the models with their targets",
  flags: modelsFlag,
  positionals: [],
  run: ({ flags }, context) =>
    outcome(
      "models",
      readModels(context, flags.models).map(({ name, strategy, target, dependsOn }) => ({
        name,
        strategy: strategy.type,
        target: `${target.catalog}.${target.schema}.${target.table}`,
        depends_on: dependsOn,
      })),
    ),
});

const findModel = (models: readonly Model[], name: string): Model => {
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const near = didYouMean(
    name,
    models.map((model) => model.name),
  );
  throw new RockyError("unknown_name", `no model named '${name}'`, near === undefined ? {} : { hint: near });
};

const modelPositional = [{ name: "model", help: "Name of a model" }] as const;

export const listDeps = defineCommand({
  name: "list deps",
  summary: "List what a model declares to depend on",
  flags: modelsFlag,
  positionals: modelPositional,
  run: ({ flags, positionals }, context) => {
    const model = findModel(readModels(context, flags.models), positionals.model);
    return outcome(
      "deps",
      model.dependsOn.map((name) => ({ name })),
    );
  },
});

export const listConsumers = defineCommand({
  name: "list consumers",
  summary: "List the models that declare to depend on a model",
  flags: modelsFlag,
  positionals: modelPositional,
  run: ({ flags, positionals }, context) => {
    const models = readModels(context, flags.models);
    const { name } = findModel(models, positionals.model);
    return outcome(
      "consumers",
      models.filter((model) => model.dependsOn.includes(name)).map((model) => ({ name: model.name })),
    );
  },
});
