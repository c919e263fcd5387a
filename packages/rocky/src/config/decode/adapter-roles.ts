import type { Problem } from "../reader.ts";
import type { AdapterConfig } from "../types/adapter.ts";
import type { Pipeline } from "../types/pipeline.ts";

/** What an adapter type can do. Types that are not listed are unknown. */
export const ADAPTER_ROLES: Readonly<
  Record<string, { readonly data: boolean; readonly discovery: boolean }>
> = {
  databricks: { data: true, discovery: false },
  duckdb: { data: true, discovery: true },
  snowflake: { data: true, discovery: false },
  bigquery: { data: true, discovery: true },
  trino: { data: true, discovery: false },
  fivetran: { data: false, discovery: true },
  airbyte: { data: false, discovery: true },
  iceberg: { data: false, discovery: true },
  manual: { data: false, discovery: true },
};

const kindProblem = (adapter: AdapterConfig): Problem | undefined => {
  const roles = Object.hasOwn(ADAPTER_ROLES, adapter.type) ? ADAPTER_ROLES[adapter.type] : undefined;
  if (roles === undefined) return undefined;
  const path = ["adapter", adapter.name, "kind"];
  if (!roles.data && adapter.kind === undefined)
    return {
      severity: "error",
      rule: "V032",
      path,
      message: `adapter '${adapter.name}': type '${adapter.type}' only discovers sources and must say so`,
      hint: `add kind = "discovery" to [adapter.${adapter.name}]`,
    };
  if (adapter.kind === undefined || roles[adapter.kind]) return undefined;
  return {
    severity: "error",
    rule: "V032",
    path,
    message: `adapter '${adapter.name}': type '${adapter.type}' does not support kind '${adapter.kind}'`,
    hint: `remove kind, or use "${adapter.kind === "data" ? "discovery" : "data"}"`,
  };
};

const canServe = (adapter: AdapterConfig, role: "data" | "discovery"): boolean => {
  if (adapter.kind !== undefined) return adapter.kind === role;
  // An unknown type is reported as such; guessing its role would only add noise.
  return Object.hasOwn(ADAPTER_ROLES, adapter.type) ? (ADAPTER_ROLES[adapter.type]?.[role] ?? true) : true;
};

const pipelineProblems = (pipeline: Pipeline, adapters: ReadonlyMap<string, AdapterConfig>): Problem[] => {
  if (pipeline.type !== "replication") return [];
  const problems: Problem[] = [];
  const check = (name: string | undefined, role: "data" | "discovery", keys: readonly string[]): void => {
    const adapter = name === undefined ? undefined : adapters.get(name);
    if (adapter === undefined || canServe(adapter, role)) return;
    const purpose = role === "data" ? "cannot hold data" : "cannot discover sources";
    problems.push({
      severity: "error",
      rule: "V033",
      path: ["pipeline", pipeline.name, ...keys],
      message: `pipeline '${pipeline.name}': adapter '${adapter.name}' (${adapter.type}) ${purpose}`,
      hint: `name an adapter of a type that ${role === "data" ? "holds data, such as duckdb" : "discovers sources"}`,
    });
  };
  check(pipeline.source.adapter, "data", ["source", "adapter"]);
  check(pipeline.source.discovery?.adapter, "discovery", ["source", "discovery", "adapter"]);
  return problems;
};

/** Breaches of what adapters may be used for: their declared `kind`, and how replication pipelines use them. */
export const adapterRoleProblems = (
  adapters: readonly AdapterConfig[],
  pipelines: readonly Pipeline[],
): readonly Problem[] => {
  const byName = new Map(adapters.map((adapter) => [adapter.name, adapter]));
  return [
    ...adapters.map(kindProblem).filter((problem) => problem !== undefined),
    ...pipelines.flatMap((pipeline) => pipelineProblems(pipeline, byName)),
  ];
};
