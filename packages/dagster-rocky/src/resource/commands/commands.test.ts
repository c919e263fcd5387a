import { expect, test } from "vitest";
import type { CommandConfig } from "./command.ts";
import { globalFlags } from "./command.ts";
import { COMMANDS, type CommandName, type CommandOptions } from "./index.ts";

const config: CommandConfig = { configPath: "rocky.toml", modelsDir: "models", contractsDir: "contracts" };

const row = <Name extends CommandName>(name: Name, options: CommandOptions<Name>, argv: string) =>
  [name, options, argv] as const;

const rows = [
  row("discover", {}, "discover"),
  row(
    "discover",
    { pipeline: "p", emitFivetranStateTo: "f.json" },
    "discover --pipeline p --emit-fivetran-state-to f.json",
  ),
  row("plan", { filter: "a=b", pipeline: "p", env: "prod" }, "plan --filter a=b --pipeline p --env prod"),
  row("apply", { planId: "x" }, "apply x"),
  row("apply", { planId: "x", expectSpecDigest: "d" }, "apply x --expect-spec-digest d"),
  row("applyRun", { planId: "x" }, "apply x"),
  row("applyPipes", { planId: "x" }, "apply x"),
  row("reviewStatus", { planId: "x" }, "review x --status"),
  row("productVerify", { name: "n" }, "product verify n"),
  row("productCompile", { name: "n" }, "product compile n"),
  row("productApprove", { name: "n" }, "product approve n"),
  row("productStatus", { name: "n" }, "product status n"),
  row("productJournal", { name: "n" }, "product journal n"),
  row("productList", {}, "product list"),
  row("packageList", {}, "package list"),
  row(
    "packageAdd",
    {
      spec: "s",
      vars: ["a=1", "b=2"],
      targetSchema: "t",
      compiled: "c",
      buildEmpty: false,
      allowSecretVar: true,
      dbtTimeoutSeconds: 9,
    },
    "package add s --vars a=1 --vars b=2 --target-schema t --compiled c --build-empty=false --allow-secret-var --dbt-timeout 9",
  ),
  row("packageUpdate", {}, "package update"),
  row("packageUpdate", { name: "n", buildEmpty: true }, "package update n --build-empty"),
  row("packageRemove", { name: "n", force: true }, "package remove n --force"),
  row("run", { filter: "a=b" }, "run --filter a=b"),
  row("run", {}, "run"),
  row(
    "run",
    {
      filter: "a=b",
      pipeline: "p",
      governanceOverride: { grants: [] },
      runModels: true,
      shadowSuffix: "_s",
      partition: "2025-01-01",
      partitionFrom: "2025-01-01",
      partitionTo: "2025-01-02",
      latest: true,
      missing: true,
      lookback: 1,
      parallel: 2,
      idempotencyKey: "k",
      defer: true,
      deferTo: "prod",
    },
    'run --filter a=b --pipeline p --governance-override {"grants":[]} --models models --all --shadow --shadow-suffix _s ' +
      "--partition 2025-01-01 --from 2025-01-01 --to 2025-01-02 --latest --missing --lookback 1 --parallel 2 " +
      "--idempotency-key k --defer --defer-to prod",
  ),
  row("planRun", { filter: "a=b", shadowSuffix: "_s" }, "plan --filter a=b --shadow --shadow-suffix _s"),
  row("runLoad", { pipeline: "p" }, "run --pipeline p"),
  row("runModel", { model: "m", pipeline: "p" }, "run --model m --pipeline p"),
  row(
    "runModel",
    { model: "m", filter: "a=b", partition: "K", latest: true, missing: true, lookback: 1, parallel: 2 },
    "run --model m --models models --filter a=b --partition K --latest --missing --lookback 1 --parallel 2",
  ),
  row(
    "runModel",
    { model: "m", pipeline: "p", shadowSuffix: "_s" },
    "run --model m --pipeline p --shadow --shadow-suffix _s",
  ),
  row("resumeRun", {}, "run --resume-latest"),
  row("resumeRun", { runId: "r", filter: "a=b" }, "run --resume r --filter a=b"),
  row("state", {}, "state"),
  row(
    "reconcileWatermark",
    { pipeline: "p", tables: ["a", "b"], dryRun: true },
    "state reconcile-watermark --pipeline p --table a --table b --dry-run",
  ),
  row("scheduleSpool", {}, "state schedule spool"),
  row("branchApprove", { name: "n", message: "m", out: "o" }, "branch approve n --message m --out o"),
  row(
    "branchPromote",
    { name: "n", filter: "f=1", skipApproval: true },
    "branch promote n --models models --filter f=1 --skip-approval",
  ),
  row(
    "planPromote",
    { name: "n", allowBreaking: true, filter: "f=1" },
    "plan promote n --base main --models models --allow-breaking --filter f=1",
  ),
  row("compile", {}, "compile --models models --contracts contracts"),
  row("compile", { model: "m" }, "compile --models models --contracts contracts --model m"),
  row("lineage", { target: "t", column: "c" }, "lineage --models models t --column c"),
  row("catalog", { out: "o" }, "catalog --models models --out o"),
  row("dag", {}, "dag --contracts contracts"),
  row(
    "dag",
    { columnLineage: true, modelsDir: "models" },
    "dag --models models --contracts contracts --column-lineage",
  ),
  row("test", { model: "m" }, "test --models models --contracts contracts --model m"),
  row("ci", {}, "ci --models models --contracts contracts"),
  row("history", { model: "m", since: "2025-01-01" }, "history --model m --since 2025-01-01"),
  row(
    "metrics",
    { model: "m", trend: true, column: "c", alerts: true },
    "metrics m --trend --column c --alerts",
  ),
  row("optimize", {}, "optimize --models models"),
  row("optimize", { model: "m" }, "optimize --models models --model m"),
  row("cost", {}, "cost latest"),
  row("cost", { runId: "r" }, "cost r"),
  row("costByProduct", { month: "2025-01" }, "cost --month 2025-01 --by product"),
  row("ai", { intent: "i" }, "ai i --format rocky --models models"),
  row(
    "aiSync",
    { apply: true, model: "m", withIntent: true },
    "ai-sync --models models --apply --model m --with-intent",
  ),
  row("aiExplain", { model: "m", all: true, save: true }, "ai-explain --models models m --all --save"),
  row("aiTest", { model: "m", all: true, save: true }, "ai-test --models models m --all --save"),
  row("aiContract", { model: "m", save: true }, "ai-contract m --models models --save"),
  row("profile", { model: "m", column: "c", sample: 5 }, "profile m --models models --column c --sample 5"),
  row("hooksList", {}, "hooks list"),
  row("hooksTest", { event: "e" }, "hooks test e"),
  row(
    "validateMigration",
    { dbtProject: "d", rockyProject: "r", sampleSize: 3 },
    "validate-migration --dbt-project d --rocky-project r --sample-size 3",
  ),
  row("testAdapter", { adapter: "a", command: "c" }, "test-adapter --adapter a --command c"),
  row("doctor", { check: "state_rw" }, "doctor --check state_rw"),
  row("compliance", { env: "prod" }, "compliance --models models --env prod"),
  row("freshness", { pipeline: "p" }, "freshness --pipeline p"),
  row("retentionStatus", {}, "retention-status --models models"),
] as const;

test.each(rows)("%s %j", (name, options, argv) => {
  const { args } = COMMANDS[name] as { args: (options: unknown, config: CommandConfig) => readonly string[] };
  expect(args(options, config).join(" ")).toBe(argv);
});

test("every command has a row", () => {
  const covered = new Set<string>(rows.map(([name]) => name));
  expect(Object.keys(COMMANDS).filter((name) => !covered.has(name))).toEqual([]);
});

test.each([
  [{}, "--config rocky.toml --output json"],
  [{ statePath: "s.redb" }, "--config rocky.toml --state-path s.redb --output json"],
  [{ statePath: "s.redb", stateNamespace: "n" }, "--config rocky.toml --state-namespace n --output json"],
])("global flags for %j", (extra, argv) => {
  expect(globalFlags({ ...config, ...extra }).join(" ")).toBe(argv);
});
