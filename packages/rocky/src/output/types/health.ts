export type HealthStatus = "healthy" | "warning" | "critical";

export interface HealthCheck {
  readonly name: string;
  readonly status: HealthStatus;
  readonly message: string;
  readonly duration_ms: number;
  readonly details?: readonly (readonly [string, string])[];
}

/** The payload of `rocky doctor`. */
export interface DoctorOutput {
  readonly command: "doctor";
  readonly overall: HealthStatus;
  readonly checks: readonly HealthCheck[];
  readonly suggestions: readonly string[];
}

/** The payload of `rocky hooks list`. */
export interface HooksListOutput {
  readonly hooks: readonly {
    readonly event: string;
    readonly command: string;
    readonly timeout_ms: number;
    readonly on_failure: string;
    readonly env_keys: readonly string[];
  }[];
  readonly total: number;
}

/** The payload of `rocky hooks test`. */
export interface HooksTestOutput {
  readonly event: string;
  readonly status: "no_hooks" | "continue" | "abort";
  readonly message?: string;
  readonly result?: string;
}
