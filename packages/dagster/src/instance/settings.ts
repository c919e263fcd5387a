import { type ConfigRecord, type Env, readConfig } from "./config-values.ts";

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
  readonly pythonLogs: PythonLogs;
}

/** The `python_logs` of an instance. Loggers are a matter of names here too; see `getLogger`. */
export interface PythonLogs {
  /** Loggers whose lines go to the log of the run in which they are written; `root` means all. */
  readonly managedLoggers: readonly string[];
  /** Lines below it are dropped. A name such as `INFO`, or a number; undefined: none is. */
  readonly level: string | undefined;
  /** The `handlers` and `formatters` of Python's logging configuration. */
  readonly handlers: ConfigRecord;
  readonly formatters: ConfigRecord;
}

export function readSettings(settings: Readonly<Record<string, unknown>>, env: Env): InstanceSettings {
  const root = readConfig(settings, "instance settings", env);
  const retries = root.section("run_retries");
  const concurrency = root.section("concurrency");
  const pools = concurrency?.section("pools");
  const monitoring = root.section("run_monitoring");
  const logs = root.section("python_logs");
  const handlerConfig = logs?.section("dagster_handler_config");
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
    pythonLogs: {
      managedLoggers: logs?.texts("managed_python_loggers") ?? [],
      level: logs?.text("python_log_level"),
      handlers: handlerConfig?.record("handlers") ?? {},
      formatters: handlerConfig?.record("formatters") ?? {},
    },
  };
}

/** What an instance says that says nothing. */
export const DEFAULT_SETTINGS: InstanceSettings = readSettings({}, {});
