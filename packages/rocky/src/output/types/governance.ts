/** The payload of `rocky compliance`. */
export interface ComplianceOutput {
  readonly version: string;
  readonly command: "compliance";
  readonly summary: {
    readonly total_classified: number;
    readonly total_masked: number;
    readonly total_exceptions: number;
  };
  readonly per_column: readonly ComplianceColumn[];
  readonly exceptions: readonly ComplianceException[];
}

export interface ComplianceColumn {
  readonly model: string;
  readonly column: string;
  readonly classification: string;
  readonly envs: readonly {
    readonly env: string;
    readonly masking_strategy: string;
    readonly enforced: boolean;
  }[];
}

export interface ComplianceException {
  readonly model: string;
  readonly column: string;
  readonly env: string;
  readonly reason: string;
}

/** The payload of `rocky retention-status`. */
export interface RetentionStatusOutput {
  readonly version: string;
  readonly command: "retention-status";
  readonly models: readonly {
    readonly model: string;
    readonly configured_days?: number;
    readonly warehouse_days?: number;
    readonly in_sync: boolean;
  }[];
  readonly message?: string;
}
