import type { Session } from "../../adapters/adapter.ts";
import { sqlName, tableRef } from "../../adapters/table-ref.ts";
import type { CompiledModel } from "../../compile/index.ts";
import type { RunSettings } from "../../config/types/config.ts";
import type { StateDatabase } from "../../state/database.ts";
import { findBuild } from "../../state/model-builds.ts";
import { findWatermark } from "../../state/watermarks.ts";
import { isInterruption } from "../failure.ts";

/** Tells in what state a model's inputs are; a text says why that cannot be told. */
export type Inputs = Readonly<Record<string, string>> | string;

export interface InputReader {
  readonly read: (model: CompiledModel) => Promise<Inputs>;
}

const targetNames = ({ model: { target } }: CompiledModel): readonly string[] => [
  `${target.schema}.${target.table}`.toLowerCase(),
  `${target.catalog}.${target.schema}.${target.table}`.toLowerCase(),
];

// A run of the whole graph opens a gate for each model; the compiled project stays the same.
const builders = new WeakMap<ReadonlyMap<string, CompiledModel>, ReadonlyMap<string, CompiledModel>>();

const buildersOf = (models: ReadonlyMap<string, CompiledModel>): ReadonlyMap<string, CompiledModel> => {
  const known = builders.get(models);
  if (known !== undefined) return known;
  const found = new Map([...models.values()].flatMap((one) => targetNames(one).map((name) => [name, one])));
  builders.set(models, found);
  return found;
};

export const inputReader = (
  models: ReadonlyMap<string, CompiledModel>,
  session: Session,
  state: StateDatabase,
  settings: RunSettings,
): InputReader => {
  const byTarget = buildersOf(models);

  const sourceState = async (source: string): Promise<string | undefined> => {
    const watermark = await findWatermark(state, [source, `${session.defaultCatalog}.${source}`]);
    if (watermark !== undefined) return watermark;
    if (!settings.skipRowcountFallback) return undefined;
    const [table = "", schema = "main", catalog = ""] = source.split(".").reverse();
    const name = tableRef(catalog, schema, table);
    try {
      return String(await session.scalar(`SELECT COUNT(*) FROM ${sqlName(name, session.dialect)}`));
    } catch (error) {
      // A source that cannot be counted is one more reason to build; the build says what is wrong.
      if (isInterruption(error)) throw error;
      return undefined;
    }
  };

  const gather = async (
    model: CompiledModel,
    found: Record<string, string>,
    seen: Set<string>,
  ): Promise<string | undefined> => {
    const upstream = new Set([...model.dependsOn, ...model.runsAfter]);
    const sources: string[] = [];
    for (const source of model.sources) {
      const builder = byTarget.get(source.toLowerCase());
      if (builder === undefined) sources.push(source);
      else upstream.add(builder.name);
    }
    for (const name of upstream) {
      const other = models.get(name);
      if (other === undefined || name === model.name || seen.has(name)) continue;
      seen.add(name);
      if (other.model.strategy.type === "ephemeral") {
        const problem = await gather(other, found, seen);
        if (problem !== undefined) return problem;
        continue;
      }
      const build = await findBuild(state, name);
      if (build === undefined) return `it is not known when '${name}' was last built`;
      found[`model ${name}`] = build.runId;
    }
    for (const source of sources) {
      const value = await sourceState(source);
      if (value === undefined) return `'${source}' has no watermark to compare`;
      found[`source ${source}`] = value;
    }
    return undefined;
  };

  return {
    read: async (model) => {
      const found: Record<string, string> = {};
      return (await gather(model, found, new Set())) ?? found;
    },
  };
};
