import { choice, integer, list, object, text, type Static } from "../schema.ts";

const head = { total: integer, version: text };

export const listAdaptersSchema = object({
  ...head,
  adapters: list(object({ kind: text, name: text, type: text })),
  command: choice("list adapters"),
});
export type ListAdaptersOutput = Static<typeof listAdaptersSchema>;

export const listConsumersSchema = object({
  ...head,
  command: choice("list consumers"),
  consumers: list(object({ name: text })),
});
export type ListConsumersOutput = Static<typeof listConsumersSchema>;

export const listDepsSchema = object({
  ...head,
  command: choice("list deps"),
  deps: list(object({ name: text })),
});
export type ListDepsOutput = Static<typeof listDepsSchema>;

export const listModelsSchema = object({
  ...head,
  command: choice("list models"),
  models: list(object({ depends_on: list(text), name: text, strategy: text, target: text })),
});
export type ListModelsOutput = Static<typeof listModelsSchema>;

export const listPipelinesSchema = object({
  ...head,
  command: choice("list pipelines"),
  pipelines: list(object({ adapter: text, depends_on: list(text), name: text, type: text })),
});
export type ListPipelinesOutput = Static<typeof listPipelinesSchema>;

export const listSourcesSchema = object({
  ...head,
  command: choice("list sources"),
  sources: list(object({ adapter: text, components: list(text), pipeline: text, prefix: text })),
});
export type ListSourcesOutput = Static<typeof listSourcesSchema>;
