import { openCommandState, openExistingState } from "../run/environment.ts";
import { clearSchemaCache, countSchemas } from "../state/schema-cache.ts";
import { sweepRuns } from "../state/sweep.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, integerFlag } from "./flags.ts";

const DAY_MS = 86_400_000;

export const stateClearSchemaCache = defineCommand({
  name: "state clear-schema-cache",
  summary: "Forget the columns of source tables that `discover --with-schemas` kept",
  flags: { "dry-run": booleanFlag("count without forgetting") },
  positionals: [],
  run: async ({ flags }, context) => {
    const dryRun = flags["dry-run"];
    using state = await openExistingState(context, dryRun ? "read" : "write");
    const forget = dryRun ? countSchemas : clearSchemaCache;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "state-clear-schema-cache",
        entries_deleted: state === undefined ? 0 : await forget(state),
        dry_run: dryRun,
      },
    };
  },
});

export const stateRetentionSweep = defineCommand({
  name: "state retention sweep",
  summary: "Remove old runs from the state store",
  flags: {
    "dry-run": booleanFlag("count without removing"),
    "max-age-days": integerFlag("keep runs younger than this (default: [state.retention])"),
    "min-runs-kept": integerFlag("keep at least so many runs (default: [state.retention])"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const started = performance.now();
    const { retention } = context.loadConfig().state;
    const maxAgeDays = flags["max-age-days"] ?? retention.maxAgeDays;
    const minRunsKept = flags["min-runs-kept"] ?? retention.minRunsKept;
    const domains = retention.appliesTo;
    using state = await openCommandState(context, flags["dry-run"] ? "read" : "write");
    const before = new Date(Date.now() - maxAgeDays * DAY_MS).toISOString();
    const swept = domains.includes("history")
      ? await sweepRuns(state, { before, keep: minRunsKept, dryRun: flags["dry-run"] })
      : { deleted: 0, kept: 0 };
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "state retention sweep",
        dry_run: flags["dry-run"],
        max_age_days: maxAgeDays,
        min_runs_kept: minRunsKept,
        domains,
        runs_deleted: swept.deleted,
        runs_kept: swept.kept,
        // Lineage and audit are not kept by this engine, so there is nothing to remove.
        lineage_deleted: 0,
        lineage_kept: 0,
        audit_deleted: 0,
        audit_kept: 0,
        traces_deleted: 0,
        duration_ms: Math.round(performance.now() - started),
      },
    };
  },
});
