import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "smol-toml";
import type { DoctorOutput } from "../resource/outputs/reports.ts";
import type { RockyResource } from "../resource/rocky-resource.ts";

export interface HealthcheckResult {
  readonly healthy: boolean;
  readonly doctorResult?: DoctorOutput;
  /** Why the engine could not be asked. */
  readonly error?: string;
}

/** Asks `doctor`. Never throws: an engine that cannot be asked is not healthy. */
export async function rockyHealthcheck(rocky: Pick<RockyResource, "doctor">): Promise<HealthcheckResult> {
  try {
    const doctorResult = await rocky.doctor();
    return { healthy: doctorResult.overall === "healthy", doctorResult };
  } catch (error) {
    return { healthy: false, error: textOf(error) };
  }
}

export type StateBackend = "local" | "tiered" | "valkey" | "s3" | "gcs";
export type LastRunStatus = "success" | "partial_failure" | "failure";
export type ProbeOutcome = "ok" | "timeout" | "error";

export interface StateHealthResult {
  /** From `[state] backend` of the configuration; `local` when it does not say. */
  readonly backend: StateBackend;
  /** Of the newest run that was not skipped. */
  readonly lastRunStatus?: LastRunStatus;
  /** ISO timestamp. */
  readonly lastRunAt?: string;
  /** Only with `probeWrite`. */
  readonly probeOutcome?: ProbeOutcome;
  readonly probeDurationMs?: number;
  readonly probeError?: string;
}

/** How the engine's own state is: where it lies, what the last run left, whether it can be written. */
export async function stateHealth(
  rocky: Pick<RockyResource, "doctor" | "history" | "config">,
  options: { readonly probeWrite?: boolean } = {},
): Promise<StateHealthResult> {
  const { projectRoot, configPath } = rocky.config;
  const [backend, lastRun, probe] = await Promise.all([
    configuredBackend(resolve(projectRoot, configPath)),
    newestRun(rocky),
    options.probeWrite ? probeWrite(rocky) : {},
  ]);
  return { backend, ...lastRun, ...probe };
}

const BACKENDS: readonly StateBackend[] = ["local", "tiered", "valkey", "s3", "gcs"];

async function configuredBackend(configFile: string): Promise<StateBackend> {
  try {
    const config = parse(await readFile(configFile, "utf8"));
    const { backend } = (config.state ?? {}) as { readonly backend?: unknown };
    return BACKENDS.find((known) => known === backend) ?? "local";
  } catch {
    return "local";
  }
}

const SKIPPED = /skip/i;

async function newestRun(
  rocky: Pick<RockyResource, "history">,
): Promise<Pick<StateHealthResult, "lastRunStatus" | "lastRunAt">> {
  try {
    const history = await rocky.history();
    const run = "runs" in history ? history.runs.find(({ status }) => !SKIPPED.test(status)) : undefined;
    return run ? { lastRunStatus: runStatus(run.status), lastRunAt: run.startedAt } : {};
  } catch {
    return {};
  }
}

function runStatus(text: string): LastRunStatus {
  const word = text.toLowerCase().replace(/[^a-z]/g, "");
  if (word === "success" || word === "succeeded") return "success";
  return word.startsWith("partial") ? "partial_failure" : "failure";
}

async function probeWrite(
  rocky: Pick<RockyResource, "doctor">,
): Promise<Pick<StateHealthResult, "probeOutcome" | "probeDurationMs" | "probeError">> {
  try {
    const { checks } = await rocky.doctor({ check: "state_rw" });
    const probe = checks.find(({ name }) => name === "state_rw");
    if (!probe) return { probeOutcome: "error", probeError: 'the engine has no check "state_rw"' };
    const took = probe.durationMs === undefined ? {} : { probeDurationMs: probe.durationMs };
    if (probe.status === "healthy") return { probeOutcome: "ok", ...took };
    const outcome = /time(d)? ?out/i.test(probe.message) ? "timeout" : "error";
    return { probeOutcome: outcome, ...took, probeError: probe.message };
  } catch (error) {
    return { probeOutcome: "error", probeError: textOf(error) };
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
