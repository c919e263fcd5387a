import { compact, type Problem, TableReader } from "../reader.ts";
import { onlyAdapter } from "../shorthand.ts";
import { isTable, type TomlTable } from "../toml.ts";
import type { RockyConfig } from "../types/config.ts";
import type { Pipeline } from "../types/pipeline.ts";
import { decodeAdapters } from "./adapter.ts";
import { adapterRoleProblems } from "./adapter-roles.ts";
import { decodeHooks } from "./hooks.ts";
import { decodeMask, decodeRoles } from "./mask.ts";
import { decodePipelines } from "./pipeline.ts";
import {
  decodeAllowUnmasked,
  decodeBudget,
  decodeCost,
  decodeFreshness,
  decodeImports,
  decodePortability,
  decodeResilience,
  decodeRun,
  decodeRunRetry,
  decodeScheduleDefaults,
  decodeSchemaCache,
  decodeSchemaEvolution,
} from "./settings.ts";
import { decodeState } from "./state.ts";

/** Tables of Rocky that this engine accepts and does not act on. */
const IGNORED_TABLES = ["ai", "gc", "policy", "reuse", "fulfill"] as const;

type Settings = Omit<RockyConfig, "file" | "directory" | "fingerprint" | "warnings" | "sensitive">;

/** The rest of `[branch]` says how approvals are given, which is not done here. */
const decodeBranchApproval = (root: TableReader): boolean => {
  const branch = root.raw("branch");
  const approval = isTable(branch) ? branch.approval : undefined;
  return isTable(approval) && approval.required === true;
};

const withDiscovery = (pipeline: Pipeline, only: string | undefined): Pipeline => {
  if (pipeline.type !== "replication" || pipeline.source.discovery !== undefined || only === undefined)
    return pipeline;
  const discovery = Object.freeze({ adapter: only, reportNewSources: false, onCollision: "off" as const });
  return Object.freeze({ ...pipeline, source: Object.freeze({ ...pipeline.source, discovery }) });
};

/** Turns the parsed file into settings. Problems are collected; the settings are only good without errors. */
export const decodeConfig = (table: TomlTable, problems: Problem[]): Settings => {
  const root = new TableReader(table, [], problems);
  const only = onlyAdapter(table);
  const settings = compact({
    adapters: decodeAdapters(root.raw("adapter"), problems),
    pipelines: decodePipelines(root.raw("pipeline"), problems).map((pipeline) =>
      withDiscovery(pipeline, only),
    ),
    state: decodeState(root),
    mask: decodeMask(root),
    allowUnmasked: decodeAllowUnmasked(root),
    roles: decodeRoles(root),
    freshness: decodeFreshness(root),
    run: decodeRun(root),
    resilience: decodeResilience(root),
    cost: decodeCost(root),
    budget: decodeBudget(root),
    retryMaxPerRun: decodeRunRetry(root),
    schemaCache: decodeSchemaCache(root),
    schemaEvolution: decodeSchemaEvolution(root),
    portability: decodePortability(root),
    imports: decodeImports(root),
    hooks: decodeHooks(root),
    branchApprovalRequired: decodeBranchApproval(root),
    schedule: decodeScheduleDefaults(root),
  });
  for (const name of IGNORED_TABLES) root.raw(name);
  root.done();
  problems.push(...adapterRoleProblems(settings.adapters, settings.pipelines));
  return settings;
};
