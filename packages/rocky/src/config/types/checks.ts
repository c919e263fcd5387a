export type Severity = "error" | "warning";

export interface CheckToggle {
  readonly enabled: boolean;
  readonly severity: Severity;
}

export interface FreshnessCheck {
  readonly thresholdSeconds: number;
  /** Threshold in seconds per schema or table name. */
  readonly overrides: Readonly<Record<string, number>>;
  readonly severity: Severity;
}

export interface NullRateCheck {
  readonly columns: readonly string[];
  /** Share of rows, 0 to 1. */
  readonly threshold: number;
  readonly samplePercent: number;
  readonly severity: Severity;
}

export interface CustomCheck {
  readonly name: string;
  readonly sql: string;
  readonly threshold: number;
  readonly severity: Severity;
}

export type AggregateOp = "sum" | "count" | "avg" | "min" | "max";
export type AggregateComparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** What a declarative assertion counts: rows that break it, except for aggregates and row counts. */
export type AssertionRule =
  | { readonly type: "not_null"; readonly column: string }
  | { readonly type: "unique"; readonly column: string }
  | { readonly type: "unique_expr"; readonly expression: string }
  | { readonly type: "accepted_values"; readonly column: string; readonly values: readonly string[] }
  | {
      readonly type: "relationships";
      readonly column: string;
      readonly toTable: string;
      readonly toColumn: string;
    }
  | { readonly type: "expression"; readonly expression: string }
  | { readonly type: "row_count_range"; readonly min?: number; readonly max?: number }
  | { readonly type: "in_range"; readonly column: string; readonly min?: string; readonly max?: string }
  | { readonly type: "regex_match"; readonly column: string; readonly pattern: string }
  | {
      readonly type: "aggregate";
      readonly op: AggregateOp;
      readonly column?: string;
      readonly cmp: AggregateComparison;
      readonly value: string;
    }
  | { readonly type: "composite"; readonly kind: "unique"; readonly columns: readonly string[] }
  | { readonly type: "not_in_future"; readonly column: string }
  | { readonly type: "older_than_n_days"; readonly column: string; readonly days: number };

export type AssertionType = AssertionRule["type"];

/** A rule with how it is reported; a model's `[[tests]]` entries and pipeline assertions share this. */
export interface Assertion {
  readonly rule: AssertionRule;
  readonly name?: string;
  readonly severity: Severity;
  /** SQL condition that limits the rows looked at. */
  readonly filter?: string;
}

/** An assertion of a pipeline, bound to a table name. */
export interface TableAssertion extends Assertion {
  readonly table: string;
}

export interface CrossSourceOverlap {
  readonly keys: readonly string[];
  readonly keyExpr?: string;
  readonly severity: Severity;
  readonly maxOverlapRows: number;
  readonly sample: number;
}

export interface QuarantineConfig {
  readonly enabled: boolean;
  readonly mode: "split" | "tag" | "drop";
  readonly suffixValid: string;
  readonly suffixQuarantine: string;
}

/** `[pipeline.<name>.checks]`. */
export interface ChecksConfig {
  readonly enabled: boolean;
  readonly failOnError: boolean;
  readonly rowCount: CheckToggle;
  readonly columnMatch: CheckToggle;
  readonly freshness?: FreshnessCheck;
  readonly nullRate?: NullRateCheck;
  readonly custom: readonly CustomCheck[];
  /** Percent of deviation from the mean row count; 0 turns anomaly detection off. */
  readonly anomalyThresholdPct: number;
  readonly assertions: readonly TableAssertion[];
  readonly crossSourceOverlap?: CrossSourceOverlap;
  readonly quarantine?: QuarantineConfig;
  /** False when the config has no `checks` table at all. */
  readonly declared: boolean;
}
