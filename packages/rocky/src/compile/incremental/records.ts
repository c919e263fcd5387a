import type { LineageEdge } from "../../lineage/edge.ts";
import type { Model } from "../../models/index.ts";
import type { DagModel } from "../../graph/index.ts";
import { type GraphModel, graphModel } from "../dependencies.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { PreparedModel } from "../prepare.ts";

import type { OutputColumn } from "../project.ts";
import { knownTable } from "../resolve-outputs.ts";
import type { FileWarning } from "../../ports.ts";
import type { StarRead } from "../rules/rule.ts";
import type { Surface } from "../semantic-model.ts";

/** A compiled model, for whoever writes texts about it. */
export interface DescribedModel {
  readonly model: Model;
  readonly dependsOn: readonly string[];
  readonly contract: "auto" | "explicit" | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly edges: readonly LineageEdge[];
}

/** What the engine itself keeps about a model; the texts of `describe` come after these. */
export const OWN = { graph: 0, dependsOn: 1, surface: 2, starReads: 3, warnings: 4 } as const;
export const OWN_SECTIONS = 5;

/** What the graphs are made of. */
export interface GraphSection {
  readonly graph: GraphModel;
  readonly strategy: DagModel["strategy"]["type"];
  readonly tests: DagModel["tests"];
}

export const encodeGraph = (prepared: PreparedModel): string => {
  const { model } = prepared;
  const section: GraphSection = {
    graph: graphModel(prepared),
    strategy: model.strategy.type,
    tests: model.tests.map(({ rule }) => ({
      rule: {
        type: rule.type,
        ...("column" in rule && rule.column !== undefined ? { column: rule.column } : {}),
      },
    })),
  };
  return JSON.stringify(section);
};

export const decodeGraph = (text: string): GraphSection => JSON.parse(text) as GraphSection;

export const decodeNames = (text: string): readonly string[] => JSON.parse(text) as readonly string[];

export const decodeStarReads = (text: string): readonly StarRead[] => JSON.parse(text) as readonly StarRead[];

type EncodedSurface = readonly [
  hasColumns: boolean,
  hasStar: boolean,
  complete: boolean,
  columns: readonly (readonly [OutputColumn["name"], OutputColumn["type"], OutputColumn["nullable"]])[],
];

export const encodeSurface = ({ hasColumns, hasStar, table }: Surface): string => {
  const columns = table.columns.map(({ name, type, nullable }) => [name, type, nullable] as const);
  const encoded: EncodedSurface = [hasColumns, hasStar, table.complete, columns];
  return JSON.stringify(encoded);
};

export const decodeSurface = (text: string): Surface => {
  const [hasColumns, hasStar, complete, columns] = JSON.parse(text) as EncodedSurface;
  const table = knownTable(
    columns.map(([name, type, nullable]) => ({ name, type, nullable })),
    complete,
  );
  return { hasColumns, hasStar, table };
};

/** Most models have none, and then there is nothing to decode. */
export const encodeWarnings = (warnings: readonly FileWarning[]): string =>
  warnings.length === 0 ? "" : JSON.stringify(warnings);

export const decodeWarnings = (text: string): readonly FileWarning[] =>
  text === "" ? [] : (JSON.parse(text) as readonly FileWarning[]);
