import { type Decoder, record } from "../decode.ts";
import { type ApplyOutput, decodeApply } from "../outputs/apply.ts";
import { decodeLoad, type LoadOutput } from "../outputs/load.ts";
import { decodePlan } from "../outputs/reports.ts";
import { decodeRun, type RunOutput } from "../outputs/run.ts";
import type { GovernanceOverride } from "../resolver.ts";
import { FEATURE_FLOORS } from "../version-gate.ts";
import { command, flag, models, toggle } from "./command.ts";

/** Which partitions of time-interval models to build, in the engine's key form. */
export interface PartitionOptions {
  readonly partition?: string;
  readonly partitionFrom?: string;
  readonly partitionTo?: string;
  readonly latest?: boolean;
  readonly missing?: boolean;
  readonly lookback?: number;
  readonly parallel?: number;
}

/** What shadow runs, governance and idempotency add to any run. */
export interface RunModifiers {
  readonly governanceOverride?: GovernanceOverride;
  readonly shadowSuffix?: string;
  readonly idempotencyKey?: string;
}

export interface RunOptions extends PartitionOptions, RunModifiers {
  /** `key=value`; empty means everything, and no flag is sent. */
  readonly filter?: string;
  readonly pipeline?: string;
  /** Also run all models after the copies. */
  readonly runModels?: boolean;
  readonly defer?: boolean;
  readonly deferTo?: string;
}

export interface RunModelOptions extends PartitionOptions, RunModifiers {
  readonly model: string;
  /** Absent: the model is looked up in the models folder. */
  readonly pipeline?: string;
  readonly filter?: string;
}

const partitions = (options: PartitionOptions): readonly string[] => [
  ...flag("--partition", options.partition),
  ...flag("--from", options.partitionFrom),
  ...flag("--to", options.partitionTo),
  ...toggle("--latest", options.latest),
  ...toggle("--missing", options.missing),
  ...flag("--lookback", options.lookback),
  ...flag("--parallel", options.parallel),
];

const governance = (override: GovernanceOverride | undefined): readonly string[] =>
  override === undefined ? [] : ["--governance-override", JSON.stringify(override)];

const shadow = (suffix: string | undefined): readonly string[] =>
  suffix === undefined ? [] : ["--shadow", "--shadow-suffix", suffix];

const filterFlag = (filter: string | undefined): readonly string[] =>
  filter === undefined || filter === "" ? [] : ["--filter", filter];

const runFlags = (options: RunOptions, modelsDir: string): readonly string[] => [
  ...filterFlag(options.filter),
  ...flag("--pipeline", options.pipeline),
  ...governance(options.governanceOverride),
  ...(options.runModels ? ["--models", modelsDir, "--all"] : []),
  ...shadow(options.shadowSuffix),
  ...partitions(options),
  ...flag("--idempotency-key", options.idempotencyKey),
  ...toggle("--defer", options.defer),
  ...flag("--defer-to", options.deferTo),
];

/** A load pipeline answers `run` with what it loaded. */
const decodeRunOrLoad: Decoder<RunOutput | LoadOutput> = (value) =>
  record(value).command === "load" ? decodeLoad(value) : decodeRun(value);

/** Commands that write to the warehouse, and the plans before them. */
export const runningCommands = {
  run: command<RunOptions, RunOutput>({
    args: (options, config) => ["run", ...runFlags(options, config.modelsDir)],
    partial: true,
    decode: decodeRun,
  }),
  /** The same flags as `run`; nothing is executed. */
  planRun: command<RunOptions, ReturnType<typeof decodePlan>>({
    args: (options, config) => ["plan", ...runFlags(options, config.modelsDir)],
    decode: decodePlan,
  }),
  plan: command<
    { readonly filter?: string; readonly pipeline?: string; readonly env?: string },
    ReturnType<typeof decodePlan>
  >({
    args: (options) => [
      "plan",
      ...filterFlag(options.filter),
      ...flag("--pipeline", options.pipeline),
      ...flag("--env", options.env),
    ],
    decode: decodePlan,
  }),
  applyRun: command<{ readonly planId: string }, RunOutput>({
    args: ({ planId }) => ["apply", planId],
    partial: true,
    decode: decodeRun,
  }),
  /** Under Pipes an engine may say everything through its messages and print nothing. */
  applyPipes: command<{ readonly planId: string }, RunOutput | undefined>({
    args: ({ planId }) => ["apply", planId],
    partial: true,
    output: "optional json",
    decode: (value) => (value === undefined ? undefined : decodeRun(value)),
  }),
  runLoad: command<{ readonly pipeline: string }, RunOutput | LoadOutput>({
    args: ({ pipeline }) => ["run", "--pipeline", pipeline],
    partial: true,
    decode: decodeRunOrLoad,
  }),
  runModel: command<RunModelOptions, RunOutput>({
    args: (options, config) => [
      "run",
      "--model",
      options.model,
      ...(options.pipeline === undefined ? models(config) : ["--pipeline", options.pipeline]),
      ...filterFlag(options.filter),
      ...governance(options.governanceOverride),
      ...shadow(options.shadowSuffix),
      ...partitions(options),
      ...flag("--idempotency-key", options.idempotencyKey),
    ],
    partial: true,
    decode: decodeRun,
    floor: (options) => (options.pipeline === undefined ? undefined : FEATURE_FLOORS.pipelineScopedModelRun),
  }),
  resumeRun: command<
    { readonly runId?: string; readonly filter?: string; readonly governanceOverride?: GovernanceOverride },
    RunOutput
  >({
    args: (options) => [
      "run",
      ...(options.runId === undefined ? ["--resume-latest"] : ["--resume", options.runId]),
      ...filterFlag(options.filter),
      ...governance(options.governanceOverride),
    ],
    partial: true,
    decode: decodeRun,
  }),
  apply: command<{ readonly planId: string; readonly expectSpecDigest?: string }, ApplyOutput>({
    args: ({ planId, expectSpecDigest }) => [
      "apply",
      planId,
      ...flag("--expect-spec-digest", expectSpecDigest),
    ],
    partial: true,
    decode: decodeApply,
  }),
} as const;
