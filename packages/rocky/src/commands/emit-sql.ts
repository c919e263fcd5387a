import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CompiledModel, compileProject, noSourceSchemas } from "../compile/index.ts";
import type { RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { EMIT_DIALECTS, type EmitDialectName, emitDialect } from "./emit-sql/dialects.ts";
import { modelBlock } from "./emit-sql/statements.ts";
import { choiceFlag, stringFlag } from "./flags.ts";
import { projectFlags, projectOptions, unknownModel, variableFlag } from "./project-options.ts";

export const emitSql = defineCommand({
  name: "emit-sql",
  summary: "Print the SQL that builds the models, for any warehouse",
  flags: {
    ...projectFlags,
    dialect: choiceFlag("warehouse to write for (default: that of the configuration)", EMIT_DIALECTS),
    model: stringFlag("this model only", "NAME"),
    "out-dir": stringFlag("folder to write one file for each model into, instead of printing", "DIR"),
    var: variableFlag,
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const name = flags.dialect ?? configuredDialect(context.loadProjectConfig());
    const dialect = emitDialect[name];
    // A column that a source got since its columns were kept would be left out of what is written.
    const given = { models: flags.models, variables: flags.var };
    const options = await projectOptions(context, given, () => noSourceSchemas);
    const project = await compileProject({
      ...options,
      formatTarget: (target) =>
        dialect.target(target) ??
        [target.catalog, target.schema, target.table].filter((part) => part !== "").join("."),
      keyDialect: name,
    });
    if (flags.model !== undefined && !project.models.has(flags.model)) {
      throw unknownModel(flags.model, project.models.keys());
    }
    const emitted: Emitted[] = [];
    for (const model of inOrder(project.layers, project.models)) {
      if (flags.model !== undefined && model.name !== flags.model) continue;
      const block = modelBlock(model, dialect);
      if (block !== undefined) emitted.push({ name: model.name, file: model.model.file, block });
      else {
        const { type } = model.model.strategy;
        const message = `model '${model.name}' (${type}) has no statement for ${name} that stands alone`;
        context.emit({ level: "warn", message, fields: { model: model.name } });
      }
    }
    const folder = flags["out-dir"];
    if (folder !== undefined) return { text: writeBlocks(resolve(context.cwd, folder), folder, emitted) };
    const none = `-- no SQL for ${name} (rocky ${ENGINE_VERSION})\n`;
    return { text: emitted.length === 0 ? none : `${emitted.map(({ block }) => block).join("\n\n")}\n` };
  },
});

interface Emitted {
  readonly name: string;
  /** Of the model. */
  readonly file: string;
  readonly block: string;
}

/** A model comes after those that it reads, so that the statements can be run as they are printed. */
const inOrder = (
  layers: readonly (readonly string[])[],
  models: ReadonlyMap<string, CompiledModel>,
): readonly CompiledModel[] => layers.flat().flatMap((name) => models.get(name) ?? []);

/** Writes `<model>.sql` for each; gives what to say about it. */
const writeBlocks = (directory: string, shown: string, emitted: readonly Emitted[]): string => {
  for (const { name, file } of emitted) {
    // A sidecar may give any name, and `../x` would be a file outside the folder.
    if (/[\\/]/.test(name))
      throw new RockyError("model_invalid", `the name of model '${name}' is no file name`, {
        where: { file },
        hint: "give the model a name without slashes, or leave out --out-dir",
      });
  }
  mkdirSync(directory, { recursive: true });
  for (const { name, block } of emitted) writeFileSync(join(directory, `${name}.sql`), `${block}\n`);
  return `${emitted.length} ${emitted.length === 1 ? "model" : "models"} written to ${shown}\n`;
};

const configuredDialect = (config: RockyConfig): EmitDialectName => {
  const types = config.adapters.map((adapter) => adapter.type);
  return EMIT_DIALECTS.find((name) => types.some((type) => type === name)) ?? "duckdb";
};
