export type ValidateSeverity = "ok" | "warn" | "error" | "lint";

export interface ValidateMessage {
  readonly severity: ValidateSeverity;
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly field?: string;
}

/** The payload of `rocky validate`. */
export interface ValidateOutput {
  readonly version: string;
  readonly command: "validate";
  readonly valid: boolean;
  readonly adapters: readonly {
    readonly name: string;
    readonly adapter_type: string;
    readonly ok: boolean;
  }[];
  readonly pipelines: readonly {
    readonly name: string;
    readonly pipeline_type: string;
    readonly strategy: string;
    readonly catalog_template: string;
    readonly schema_template: string;
    readonly ok: boolean;
  }[];
  readonly models: { readonly found: boolean; readonly count: number; readonly dag_valid: boolean };
  readonly messages: readonly ValidateMessage[];
}
