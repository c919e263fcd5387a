import { checkIdentifier } from "../adapters/identifiers.ts";
import { RockyError } from "../errors.ts";
import { parseGovernanceOverride } from "../run/governance-override.ts";
import { partitionRequest } from "../run/partitions/plan.ts";
import { parseFilter } from "../run/replication/filter.ts";
import type { ResumeRequest, RunRequest } from "../run/request.ts";
import { shadowOf } from "../run/shadow.ts";
import type { CommandContext } from "./context.ts";
import { booleanFlag, type FlagValues, integerFlag, stringFlag, stringsFlag } from "./flags.ts";
import { parseVariables } from "./project-options.ts";

/** Flags that `run` and `plan` share. */
export const executionFlags = {
  filter: stringFlag("only sources whose component, id or table has this value", "KEY=VALUE"),
  pipeline: stringFlag("the pipeline to work on; needed when there are several", "NAME"),
  model: stringFlag("only this model", "NAME"),
  models: stringFlag("folder of the models (default: models)", "DIR"),
  all: booleanFlag("run the models after a replication"),
  "governance-override": stringFlag("grants and workspace bindings to add, as JSON or @FILE", "JSON"),
  resume: stringFlag("leave out the tables that this run finished", "RUN_ID"),
  "resume-latest": booleanFlag("leave out the tables that the latest run finished"),
  shadow: booleanFlag("write to shadow tables instead of the real ones"),
  "shadow-suffix": stringFlag("what shadow tables' names end in (default: _rocky_shadow)", "SUFFIX"),
  "shadow-schema": stringFlag("schema that shadow tables go to", "SCHEMA"),
  branch: stringFlag("write to the schema of a branch", "NAME"),
  partition: stringFlag("one partition of time_interval models, such as 2025-04-01", "KEY"),
  from: stringFlag("first partition of a range", "KEY"),
  to: stringFlag("last partition of a range, included", "KEY"),
  latest: booleanFlag("the current partition (the default)"),
  missing: booleanFlag("every partition that was never computed"),
  lookback: integerFlag("partitions before the chosen ones to compute again"),
  parallel: integerFlag("how many models may run side by side where the warehouse allows it", { min: 1 }),
  dag: booleanFlag("run seeds, pipelines and models in the order of the whole graph"),
  "idempotency-key": stringFlag("do nothing when a run with this key has succeeded before", "KEY"),
  env: stringFlag("environment whose masks apply", "NAME"),
  var: stringsFlag("value of a run variable, as name=value; may be repeated", "NAME=VALUE"),
} as const;

/** Flags of `run` alone. */
export const runOnlyFlags = {
  "force-rebuild": booleanFlag("build also what has not changed"),
  "skip-unchanged": booleanFlag("leave out models whose SQL and inputs are those of their last build"),
  defer: booleanFlag("with --model: read models that are not built from where they are (always so)"),
  "defer-to": stringFlag("with --defer: read them from this schema", "SCHEMA"),
  // For command lines written for the Rust engine.
  "no-reuse": booleanFlag("never reuse earlier results (always so here)"),
  "no-prune": booleanFlag("copy also tables that have not changed (always so here)"),
  "assume-fresh-state": booleanFlag("accepted; the state is always local"),
} as const;

/** What the flags of `run` alone add to a request. */
export const runOnlyRequest = (
  flags: FlagValues<typeof runOnlyFlags>,
): Pick<RunRequest, "skipUnchanged" | "deferTo"> => {
  const schema = flags["defer-to"];
  if (schema !== undefined && !flags.defer) throw new RockyError("usage", "--defer-to needs --defer");
  if (flags["force-rebuild"] && flags["skip-unchanged"]) {
    throw new RockyError("usage", "--force-rebuild and --skip-unchanged exclude each other");
  }
  return {
    ...(flags["force-rebuild"] ? { skipUnchanged: false } : {}),
    ...(flags["skip-unchanged"] ? { skipUnchanged: true } : {}),
    ...(schema === undefined ? {} : { deferTo: checkIdentifier(schema, "--defer-to") }),
  };
};

export type ExecutionFlags = FlagValues<typeof executionFlags>;

const resumeOf = (flags: ExecutionFlags): ResumeRequest | undefined => {
  if (flags.resume !== undefined && flags["resume-latest"]) {
    throw new RockyError("usage", "--resume and --resume-latest exclude each other");
  }
  if (flags.resume !== undefined) return { kind: "run", runId: flags.resume };
  return flags["resume-latest"] ? { kind: "latest" } : undefined;
};

const checkCombinations = (flags: ExecutionFlags, request: RunRequest): void => {
  if (request.idempotencyKey !== undefined && request.resume !== undefined) {
    throw new RockyError("usage", "--idempotency-key excludes --resume and --resume-latest");
  }
  if (flags.dag && request.shadow !== undefined) {
    throw new RockyError("usage", "--dag excludes --shadow and --branch");
  }
  if (flags.dag && request.model !== undefined) throw new RockyError("usage", "--dag excludes --model");
  if (request.idempotencyKey === "") {
    throw new RockyError("usage", "--idempotency-key is empty", { hint: "give a text that names this run" });
  }
  if (flags["shadow-schema"] !== undefined && !flags.shadow) {
    throw new RockyError("usage", "--shadow-schema needs --shadow");
  }
};

/** Reads and checks the flags of a run; nothing deeper sees them raw. */
export const runRequest = (flags: ExecutionFlags, context: CommandContext): RunRequest => {
  const override = flags["governance-override"];
  if (override !== undefined) {
    const text = override.startsWith("@") ? readOverride(context, override.slice(1)) : override;
    parseGovernanceOverride(text);
    context.emit({
      level: "warn",
      message: "--governance-override is right and not applied: duckdb has neither grants nor workspaces",
      fields: { event: "not_applied" },
    });
  }
  // Also where nothing is filtered: a filter that cannot be read must not mean everything.
  parseFilter(flags.filter);
  const shadow = shadowOf({
    shadow: flags.shadow,
    suffix: flags["shadow-suffix"],
    schema: flags["shadow-schema"],
    branch: flags.branch,
  });
  const resume = resumeOf(flags);
  const given = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
    value === undefined ? {} : ({ [key]: value } as Record<K, string>);
  const request: RunRequest = {
    ...given("pipeline", flags.pipeline),
    ...given("filter", flags.filter),
    ...given("model", flags.model),
    ...given("modelsDirectory", flags.models),
    ...given("idempotencyKey", flags["idempotency-key"]),
    ...given("environment", flags.env),
    all: flags.all,
    partitions: partitionRequest(flags),
    ...(shadow === undefined ? {} : { shadow }),
    ...(resume === undefined ? {} : { resume }),
    variables: parseVariables(flags.var),
  };
  checkCombinations(flags, request);
  return request;
};

const readOverride = (context: CommandContext, path: string): string => {
  const text = context.files.read(path);
  if (text !== undefined) return text;
  throw new RockyError("io_failed", `there is no governance override file '${path}'`, {
    where: { file: path },
  });
};
