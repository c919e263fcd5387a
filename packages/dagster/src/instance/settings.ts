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
  readonly runMonitoringEnabled: boolean;
}

export function readSettings(settings: Readonly<Record<string, unknown>>, env: Env): InstanceSettings {
  const root = readConfig(settings, "instance settings", env);
  const retries = root.section("run_retries");
  const concurrency = root.section("concurrency");
  const pools = concurrency?.section("pools");
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
    runMonitoringEnabled: root.section("run_monitoring")?.boolean("enabled") ?? false,
  };
}
