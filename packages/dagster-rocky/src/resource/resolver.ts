import type { AssetExecutionContext, JsonObject } from "@dagster-rocky/dagster";

/** The run methods that ask resolvers for values nobody gave. */
export type ResolverMethod = "run" | "runStreaming" | "runPipes" | "runModel";

/** What a resolver is told. Frozen. */
export interface ResolverContext {
  /** Absent when the call was not made from an op. */
  readonly context?: AssetExecutionContext;
  readonly filter: string;
  readonly method: ResolverMethod;
  /** What the caller gave explicitly. */
  readonly supplied: Readonly<Record<string, unknown>>;
}

/** Computes a value for one run; `undefined` leaves it unset. */
export type Resolver<T> = (context: ResolverContext) => T | undefined | Promise<T | undefined>;

/** The JSON object behind `--governance-override`. */
export type GovernanceOverride = JsonObject;
