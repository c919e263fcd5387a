import type { Session } from "../adapters/adapter.ts";
import { displayName, sqlColumn, sqlName, tableRef } from "../adapters/table-ref.ts";
import { displayType, fromWarehouseType } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { loadModels } from "../models/index.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { selectTransformation } from "../run/project.ts";
import { didYouMean } from "../suggest.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { integerFlag, stringFlag } from "./flags.ts";
import { DEFAULT_MODELS, projectFlags, unknownModel } from "./project-options.ts";

/** A column with more values than this has no domain worth listing. */
const LONGEST_DOMAIN = 20;

const textOf = (value: unknown): string | null => (value === null ? null : String(value));

/** Of a classified column only numbers are told: its values are what the classification protects. */
const profileColumn = async (
  session: Session,
  table: string,
  { name, type }: { name: string; type: string },
  isClassified: boolean,
) => {
  const column = sqlColumn(name, `column '${name}'`, session.dialect);
  const [row] = await session.query(
    `SELECT COUNT(*), COUNT(${column}), COUNT(DISTINCT ${column}), CAST(MIN(${column}) AS VARCHAR), CAST(MAX(${column}) AS VARCHAR) FROM ${table}`,
  );
  const [rows, present, distinct] = [Number(row?.[0]), Number(row?.[1]), Number(row?.[2])];
  const domain =
    isClassified || distinct > LONGEST_DOMAIN
      ? []
      : await session.query(
          `SELECT DISTINCT CAST(${column} AS VARCHAR) AS value FROM ${table} WHERE ${column} IS NOT NULL ORDER BY value`,
        );
  return {
    name,
    type: displayType(fromWarehouseType(type)),
    rows,
    nulls: rows - present,
    null_rate: rows === 0 ? 0 : (rows - present) / rows,
    distinct,
    min: isClassified ? null : textOf(row?.[3]),
    max: isClassified ? null : textOf(row?.[4]),
    observed_values: domain.map(([value]) => String(value)),
  };
};

export const profile = defineCommand({
  name: "profile",
  summary: "Count rows, NULLs and values of a model's columns",
  flags: {
    ...projectFlags,
    column: stringFlag("only this column", "NAME"),
    sample: integerFlag("look at this many rows at most", { min: 1 }),
  },
  positionals: [{ name: "model", help: "the model" }],
  run: async ({ flags, positionals }, context) => {
    const { models } = loadModels(context.files, context.env, flags.models ?? DEFAULT_MODELS);
    const model = models.find(({ name }) => name === positionals.model);
    if (model === undefined)
      throw unknownModel(
        positionals.model,
        models.map(({ name }) => name),
      );
    await using env = createRunEnvironment(context);
    // Where a run builds it, whatever adapter its sidecar names.
    const adapter = selectTransformation(env.config, undefined)?.target.adapter ?? "default";
    const session = await env.session(adapter, "read");
    const target = tableRef(model.target.catalog, model.target.schema, model.target.table);
    const found = await session.describe(target);
    const base = { version: ENGINE_VERSION, command: "profile", model: model.name };
    if (found === undefined) {
      return {
        payload: {
          ...base,
          columns: [],
          unavailable: `table ${displayName(target)} does not exist: build it with \`rocky run --model ${model.name}\``,
        },
      };
    }
    const wanted = flags.column === undefined ? found : found.filter(({ name }) => name === flags.column);
    if (flags.column !== undefined && wanted.length === 0) {
      const near = didYouMean(
        flags.column,
        found.map(({ name }) => name),
      );
      throw new RockyError("unknown_name", `model '${model.name}' has no column '${flags.column}'`, {
        ...(near === undefined ? {} : { hint: near }),
      });
    }
    const name = sqlName(target, session.dialect);
    const table =
      flags.sample === undefined ? name : `(SELECT * FROM ${name} LIMIT ${flags.sample}) AS sampled`;
    // Without case, as warehouses compare names: a mask must not be lost to a capital letter.
    const classified = new Set(Object.keys(model.classification).map((column) => column.toLowerCase()));
    const columns = [];
    for (const column of wanted)
      columns.push(await profileColumn(session, table, column, classified.has(column.name.toLowerCase())));
    return { payload: { ...base, profiled_table: displayName(target), columns } };
  },
});
