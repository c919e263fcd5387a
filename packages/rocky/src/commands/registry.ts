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
  compliance: {
    summary: "Check that every classified column resolves to a mask",
    load: async () => (await import("./compliance.ts")).compliance,
  },
  "retention-status": {
    summary: "Report the retention that models declare",
    load: async () => (await import("./retention-status.ts")).retentionStatus,
  },
  doctor: {
    summary: "Check configuration, state, adapters and credentials",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  "hooks list": {
    summary: "List the commands that run on events",
    load: async () => (await import("./hooks-list.ts")).hooksList,
  },
  "hooks test": {
    summary: "Fire an event with made-up values to try its hooks",
    load: async () => (await import("./hooks-test.ts")).hooksTest,
  },
  "list pipelines": {
    summary: "List the pipelines of the configuration",
    load: async () => (await import("./list.ts")).listPipelines,
  },
  "list adapters": {
    summary: "List the adapters of the configuration",
    load: async () => (await import("./list.ts")).listAdapters,
  },
  "list sources": {
    summary: "List where replication pipelines read from",
    load: async () => (await import("./list.ts")).listSources,
  },
  "list models": {
    summary: "List the models with their targets",
    load: async () => (await import("./list.ts")).listModels,
  },
  "list deps": {
    summary: "List what a model declares to depend on",
    load: async () => (await import("./list.ts")).listDeps,
  },
  "list consumers": {
    summary: "List the models that declare to depend on a model",
    load: async () => (await import("./list.ts")).listConsumers,
  },
  init: {
    summary: "Start a project in a folder",
    load: async () => (await import("./init.ts")).init,
  },
  playground: {
    summary: "Write a small project that runs at once, to try things",
    load: async () => (await import("./playground.ts")).playground,
  },
  completions: {
    summary: "Print a completion script for a shell",
    load: async () => (await import("./completions.ts")).completions,
  },
  test: {
    summary: "Build the models on sample data, run their unit tests, or ask their declared tests",
    load: async () => (await import("./test.ts")).test,
  },
  ci: {
    summary: "Compile the models and build them on sample data",
    load: async () => (await import("./ci.ts")).ci,
  },
};
