import type { LineageEdge } from "../lineage/edge.ts";
import type { Model } from "../models/index.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { RockyType } from "./rocky-type.ts";

export interface OutputColumn {
  readonly name: string;
  /** Kind `Unknown` where it cannot be told without a warehouse. */
  readonly type: RockyType;
  readonly nullable: boolean;
}

/** One model after compilation: everything that running it needs. */
export interface CompiledModel {
  readonly name: string;
  /** What the files say: strategy, target, tests, tags. */
  readonly model: Model;
  /**
   * The query to execute, without a trailing semicolon: run variables replaced, bare model names rewritten to
   * their targets, ephemeral models inlined, surrogate keys added. `@start_date` and `@end_date` are left in.
   * For an ephemeral model this is what its readers inline.
   */
  readonly sql: string;
  /** The query with run variables replaced and names as written; for unit tests, which bring their own tables. */
  readonly query: string;
  /** 16 hex characters over `sql`, stable between processes. */
  readonly sqlHash: string;
  /** Output columns in order, surrogate keys last. */
  readonly columns: readonly OutputColumn[];
  /** False when a `*` could not be expanded, so that `columns` may lack some. */
  readonly columnsComplete: boolean;
  /** Names of columns that come through a `*`, in order. */
  readonly starColumns: readonly string[];
  /** Tables read that are no models, as written, sorted. */
  readonly sources: readonly string[];
  /** Every model read, sorted: declared ones, and those found anywhere in the SQL. */
  readonly dependsOn: readonly string[];
  /** Models whose target table is read by its physical name, sorted; they run first but are no dependency. */
  readonly runsAfter: readonly string[];
  /** Error diagnostics of this model; when there is one, it must not run. */
  readonly errors: readonly Diagnostic[];
}

export interface CompiledProject {
  /** By name, in byte order of the names. */
  readonly models: ReadonlyMap<string, CompiledModel>;
  /** Models that can run side by side, in order; dependencies and `runsAfter` both respected. */
  readonly layers: readonly (readonly string[])[];
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
  /** Depth of the graph of `dependsOn` alone, as `compile` reports it. */
  readonly dependencyLayers: number;
  /** How each contract came to its model. */
  readonly contracts: ReadonlyMap<string, "auto" | "explicit">;
  /** Column lineage of all models, sources included. */
  readonly lineage: readonly LineageEdge[];
}
