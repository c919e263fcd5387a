import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssetKey } from "@dagster-rocky/dagster";
import { describe, expect, test } from "vitest";
import { createRockyResource } from "../resource/index.ts";
import { decodeFreshness } from "../resource/outputs/reports.ts";
import { rockyCronAutomation, rockyEagerAutomation } from "../schedules/automation.ts";
import { buildRockySchedule } from "../schedules/rocky-schedule.ts";
import { createRecordedEngine, type RecordedAnswer } from "../test-support/recorded-engine.ts";
import { branchDeployShadowSuffix, branchDeploymentInfo } from "./branch-deployment.ts";
import { freshnessCheckResults } from "./freshness-results.ts";
import { rockyHealthcheck, stateHealth } from "./health.ts";
import { loadRockyAssets } from "./load-assets.ts";

describe("a branch deployment", () => {
  const branch = { DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT: "1" };
  test.each([
    [{}, undefined],
    [{ DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT: "0", DAGSTER_CLOUD_PULL_REQUEST_ID: "4" }, undefined],
    [{ ...branch, DAGSTER_CLOUD_PULL_REQUEST_ID: "42" }, "_dagster_pr_42"],
    [{ DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT: "true", DAGSTER_CLOUD_PULL_REQUEST_ID: "42" }, "_dagster_pr_42"],
    [
      { ...branch, DAGSTER_CLOUD_PULL_REQUEST_ID: "0", DAGSTER_CLOUD_DEPLOYMENT_NAME: "a-b/C" },
      "_dagster_a_b_C",
    ],
    [branch, "_dagster_branch"],
  ])("%o writes beside production with %s", (env, suffix) => {
    expect(branchDeployShadowSuffix(env)).toBe(suffix);
  });

  test("is described", () => {
    expect(branchDeploymentInfo({ ...branch, DAGSTER_CLOUD_GIT_SHA: "abc" })).toEqual({
      isBranchDeployment: true,
      gitSha: "abc",
    });
  });
});

async function withEngine<T>(
  answers: readonly RecordedAnswer[],
  use: (rocky: ReturnType<typeof createRockyResource>) => Promise<T>,
): Promise<T> {
  const engine = createRecordedEngine(answers);
  const projectRoot = mkdtempSync(join(tmpdir(), "rocky-health-"));
  writeFileSync(join(projectRoot, "rocky.toml"), '[state]\nbackend = "s3"\n');
  try {
    const surroundings = { projectRoot, env: { PATH: process.env.PATH } };
    return await use(createRockyResource({ binaryPath: engine.path }, surroundings));
  } finally {
    engine.dispose();
    rmSync(projectRoot, { recursive: true, force: true });
  }
}

const doctor = (overall: string, checks: readonly object[] = []): RecordedAnswer => ({
  when: ["doctor"],
  json: { version: "1.71.0", command: "doctor", overall, checks, suggestions: [] },
});

describe("health", () => {
  test("is what doctor says", async () => {
    await withEngine([doctor("healthy")], async (rocky) => {
      expect(await rockyHealthcheck(rocky)).toMatchObject({ healthy: true });
    });
    await withEngine([doctor("critical")], async (rocky) => {
      expect(await rockyHealthcheck(rocky)).toMatchObject({
        healthy: false,
        doctorResult: { overall: "critical" },
      });
    });
  });

  test("of an engine that cannot be asked is an answer, not an exception", async () => {
    await withEngine([], async (rocky) => {
      expect(await rockyHealthcheck(rocky)).toMatchObject({ healthy: false, error: expect.any(String) });
    });
  });

  test("of the engine's state", async () => {
    const runs = [
      { run_id: "3", started_at: "2026-03-01T00:00:00Z", status: "SkippedIdempotent" },
      { run_id: "2", started_at: "2026-02-01T00:00:00Z", status: "PartialFailure" },
    ];
    const history = { when: ["history"], json: { version: "1", command: "history", count: 2, runs } };
    const probe = { name: "state_rw", status: "critical", message: "timed out after 5 s", duration_ms: 5000 };
    await withEngine([history, doctor("critical", [probe])], async (rocky) => {
      expect(await stateHealth(rocky, { probeWrite: true })).toEqual({
        backend: "s3",
        lastRunStatus: "partial_failure",
        lastRunAt: "2026-02-01T00:00:00Z",
        probeOutcome: "timeout",
        probeDurationMs: 5000,
        probeError: "timed out after 5 s",
      });
    });
  });
});

test("live assets are specs of what is discovered now", async () => {
  const source = { id: "s", components: { g: "nl" }, source_type: "duckdb", tables: [{ name: "orders" }] };
  const json = {
    version: "1",
    command: "discover",
    sources: [source],
    checks: { freshness: { threshold_seconds: 60 } },
  };
  await withEngine([{ when: ["discover"], json }], async (rocky) => {
    const [spec] = await loadRockyAssets(rocky);
    expect(spec).toMatchObject({
      key: AssetKey.of("duckdb", "nl", "orders"),
      groupName: "nl",
      freshnessPolicy: { kind: "timeWindow", failWindow: 60 },
    });
  });
});

test("freshness rows are check results", () => {
  const output = decodeFreshness({
    sources: [{ table: "c.s.orders", status: "warn", age_seconds: 90 }],
    models: [
      { table: "c.s.m", status: "pass" },
      { table: "c.s.n", status: "runtime_error", message: "no table" },
    ],
  });
  const results = freshnessCheckResults(output).map(({ checkName, passed, severity, metadata }) => [
    checkName,
    passed,
    severity,
    metadata,
  ]);
  expect(results).toEqual([
    ["source_freshness", false, "WARN", { status: "warn", age_seconds: 90 }],
    ["model_freshness", true, "ERROR", { status: "pass" }],
    ["model_freshness", false, "ERROR", { status: "runtime_error", message: "no table" }],
  ]);
});

test("a schedule marks its runs", async () => {
  const schedule = buildRockySchedule({
    name: "nightly",
    cronSchedule: "0 2 * * *",
    target: { kind: "all" },
    tags: { team: "sales" },
  });
  expect(schedule).toMatchObject({ executionTimezone: "UTC", defaultStatus: "STOPPED" });
  expect(await schedule.evaluate({} as never)).toEqual({
    runRequests: [{ tags: { "rocky/schedule": "nightly", team: "sales" } }],
  });
});

test("automation conditions are Dagster's own", () => {
  expect(rockyEagerAutomation().label).toBe("eager");
  expect(rockyCronAutomation("@daily").label).toBe("on_cron(@daily, UTC)");
});
