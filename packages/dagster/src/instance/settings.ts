import { type Env, readConfig } from "./config-values.ts";

/** Parts of `dagster.yaml` that a run worker obeys. */
export interface InstanceSettings {
  readonly runRetries: {
    readonly enabled: boolean;
    readonly maxRetries: number;
    readonly retryOnAssetOrOpFailure: boolean;
  };
  readonly pools: {
    readonly granularity: "op" | "run";
    /** Limit of pools without one of their own; undefined means no limit. */
    readonly defaultLimit: number | undefined;
  };
  readonly runMonitoring: {
    readonly enabled: boolean;
    /** How often the host starts another worker for a run whose worker is gone. */
    readonly maxResumeAttempts: number;
  };
}

export function readSettings(settings: Readonly<Record<string, unknown>>, env: Env): InstanceSettings {
  const root = readConfig(settings, "instance settings", env);
  const retries = root.section("run_retries");
  const concurrency = root.section("concurrency");
  const pools = concurrency?.section("pools");
  const monitoring = root.section("run_monitoring");
  return {
    runRetries: {
      enabled: retries?.boolean("enabled") ?? false,
      maxRetries: retries?.number("max_retries") ?? 0,
      retryOnAssetOrOpFailure: retries?.boolean("retry_on_asset_or_op_failure") ?? true,
    },
    pools: {
      granularity: pools?.text("granularity") === "run" ? "run" : "op",
      defaultLimit: pools?.number("default_limit") ?? concurrency?.number("default_op_concurrency_limit"),
    },
    runMonitoring: {
      enabled: monitoring?.boolean("enabled") ?? false,
      maxResumeAttempts: monitoring?.number("max_resume_run_attempts") ?? 0,
    },
  };
}

/** What an instance says that says nothing. */
export const DEFAULT_SETTINGS: InstanceSettings = readSettings({}, {});
