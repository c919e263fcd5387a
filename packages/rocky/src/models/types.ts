import type { Assertion, Severity } from "../config/types/checks.ts";
import type { BudgetConfig } from "../config/types/config.ts";

export type Granularity = "hour" | "day" | "month" | "year";

/** How a model's query reaches its target table. */
export type Strategy =
  | { readonly type: "full_refresh" }
  | { readonly type: "incremental"; readonly timestampColumn: string }
  | {
      readonly type: "merge";
      readonly uniqueKey: readonly string[];
      readonly updateColumns?: readonly string[];
    }
  | {
      readonly type: "time_interval";
      readonly timeColumn: string;
      readonly granularity: Granularity;
      readonly lookback: number;
      readonly batchSize: number;
      readonly firstPartition?: string;
    }
  | { readonly type: "ephemeral" }
  | { readonly type: "delete_insert"; readonly partitionBy: readonly string[] }
  | { readonly type: "microbatch"; readonly timestampColumn: string; readonly granularity: Granularity }
  | { readonly type: "view" }
  | { readonly type: "materialized_view" }
  | { readonly type: "dynamic_table"; readonly targetLag: string }
  | {
      readonly type: "content_addressed";
      readonly storagePrefix: string;
      readonly partitionColumns: readonly string[];
    };

export type StrategyType = Strategy["type"];

export interface ModelTarget {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

export interface ModelFreshness {
  readonly maxLagSeconds: number;
  readonly timeColumn?: string;
  readonly severity?: Severity;
}

export interface SurrogateKey {
  readonly name: string;
  readonly columns: readonly string[];
}

export type FixtureValue = string | number | boolean | null;
export type FixtureRow = Readonly<Record<string, FixtureValue>>;

/** `[[test]]`: given rows in, expected rows out. */
export interface UnitTest {
  readonly name: string;
  readonly description?: string;
  readonly given: readonly { readonly ref: string; readonly rows: readonly FixtureRow[] }[];
  readonly expect: { readonly rows: readonly FixtureRow[]; readonly ordered: boolean };
}

/** A model ready to compile: its file and everything that sidecar, group and defaults say about it. Frozen. */
export interface Model {
  readonly name: string;
  /** Path of the `.sql` or `.rocky` file, relative as the models directory was given. */
  readonly file: string;
  readonly language: "sql" | "rocky";
  /** Sidecar path, or the model file itself when the config sits in its frontmatter. */
  readonly configFile?: string;
  /** The query without frontmatter, macros expanded, run variables not yet filled in. */
  readonly sql: string;
  /** Lines of frontmatter before `sql` starts, to map positions back to the file. */
  readonly sqlLineOffset: number;
  readonly target: ModelTarget;
  readonly strategy: Strategy;
  readonly dependsOn: readonly string[];
  readonly intent?: string;
  readonly adapter?: string;
  /** `text` as written, such as "2y"; a year counts 365 days. */
  readonly retention?: { readonly text: string; readonly days: number };
  readonly group?: string;
  readonly sources: readonly ModelTarget[];
  readonly freshness?: ModelFreshness;
  /** Column to classification tag, in file order. */
  readonly classification: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly governanceTags: Readonly<Record<string, string>>;
  /** Column descriptions. */
  readonly columns: Readonly<Record<string, { readonly description?: string }>>;
  readonly surrogateKeys: readonly SurrogateKey[];
  /** `[[tests]]` followed by resolved `[[use_test]]`. */
  readonly tests: readonly Assertion[];
  readonly unitTests: readonly UnitTest[];
  readonly skip?: { readonly eligible?: boolean; readonly deterministic?: boolean };
  readonly budget?: BudgetConfig;
  readonly format?: string;
  readonly formatOptions?: FormatOptions;
  /** A contract file beside the model. */
  readonly contractFile?: string;
  /** What the model's own file states, for lints: defaults and groups do not count. */
  readonly declared: { readonly name: boolean; readonly table: boolean; readonly target: boolean };
}

export interface FormatOptions {
  readonly partitionBy: readonly string[];
  readonly clusterBy: readonly string[];
  readonly tableProperties: Readonly<Record<string, string>>;
  readonly comment?: string;
}

/** All models below one directory, in discovery order (folders walked by name). */
export interface LoadedModels {
  /** The directory as given. */
  readonly directory: string;
  /** False when the directory does not exist. */
  readonly found: boolean;
  readonly models: readonly Model[];
  /** Macro definitions from `macros/` beside the models: name to definition. */
  readonly macros: readonly Macro[];
}

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: string;
  readonly file: string;
}

/** Values given with `--var name=value`. */
export type RunVariables = Readonly<Record<string, string>>;

/** A `<model>.contract.toml`. Type texts are kept as written; the compiler reads them. */
export interface Contract {
  readonly model: string;
  readonly file: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type?: string;
    readonly nullable?: boolean;
    readonly description?: string;
  }[];
  readonly required: readonly string[];
  readonly protected: readonly string[];
}
