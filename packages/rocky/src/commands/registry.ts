import type { AnyCommand } from "./command.ts";

/** A command that is loaded only when it is invoked, so that small commands start fast. */
export interface RegistryEntry {
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
}

/** Keys are the words as typed. The longest key that matches the leading words wins (`hooks list`). */
export const registry: Readonly<Record<string, RegistryEntry>> = {
  validate: {
    summary: "Check the configuration and the models without touching a warehouse",
    load: async () => (await import("./validate.ts")).validate,
  },
  compile: {
    summary: "Check the models: dependencies, columns, types, contracts",
    load: async () => (await import("./compile.ts")).compile,
  },
  dag: {
    summary: "Show seeds, pipelines, models and tests as one graph",
    load: async () => (await import("./dag.ts")).dag,
  },
  lineage: {
    summary: "Show where a model's columns come from, or follow one column",
    load: async () => (await import("./lineage.ts")).lineage,
  },
};
