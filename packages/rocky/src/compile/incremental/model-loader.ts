import type { RunVariables } from "../../models/index.ts";
import type { Files } from "../../ports.ts";
import type { AnalyzeSql } from "../../sql/index.ts";
import { type PreparedModel, prepareModels } from "../prepare.ts";
import type { AttachedContract } from "../rules/rule.ts";
import type { Slot } from "./find-changes.ts";
import { type BuiltModel, buildFrom, readTexts } from "./sources.ts";

export interface LoaderInput {
  readonly slots: readonly Slot[];
  readonly files: Files;
  readonly variables: RunVariables;
  readonly analyze: AnalyzeSql;
  /** Contracts of a folder of their own; they win. */
  readonly explicit: readonly AttachedContract[];
}

/** Reads models when they have to be compiled. Throws what loading a whole project throws. */
export interface ModelLoader {
  /** Reads the files of a model, without looking into its SQL. */
  readonly build: (position: number) => BuiltModel;
  readonly built: (position: number) => BuiltModel | undefined;
  /** The queries of models, built before or now, by position. */
  readonly prepare: (positions: readonly number[]) => Promise<ReadonlyMap<number, PreparedModel>>;
  /** Contracts of models that were built, and those of a folder of their own. */
  readonly contracts: ReadonlyMap<string, AttachedContract>;
}

export const modelLoader = ({ slots, files, variables, analyze, explicit }: LoaderInput): ModelLoader => {
  const models = new Map<number, BuiltModel>();
  const contracts = new Map(explicit.map((attached) => [attached.contract.model, attached]));
  const build = (position: number): BuiltModel => {
    const slot = slots[position];
    const known = models.get(position);
    if (known !== undefined) return known;
    if (slot === undefined) throw new RangeError(`there is no model at ${position}`);
    const built = buildFrom(slot.found, slot.changed ?? readTexts(files, slot.found.source));
    const { model, contract } = built;
    models.set(position, built);
    if (contract !== undefined && !contracts.has(model.name))
      contracts.set(model.name, { contract, origin: "auto" });
    return built;
  };
  return {
    build,
    built: (position) => models.get(position),
    contracts,
    prepare: async (positions) => {
      if (positions.length === 0) return new Map();
      const byName = await prepareModels(
        positions.map((position) => build(position).model),
        variables,
        analyze,
      );
      const prepared = new Map<number, PreparedModel>();
      for (const position of positions) {
        const found = byName.get(build(position).model.name);
        if (found !== undefined) prepared.set(position, found);
      }
      return prepared;
    },
  };
};
