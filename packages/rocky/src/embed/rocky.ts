import type { EngineEvent, InvocationResult } from "../commands/invocation.ts";
import { invoke } from "../commands/invoke.ts";
import { RockyError } from "../errors.ts";
import type { Outputs, Texts } from "./outputs.ts";
import { toArguments } from "../commands/to-arguments.ts";

/** Where and how an embedded engine works. */
export interface RockyOptions {
  /** Folder that relative paths start from. Default: the process's working directory. */
  readonly cwd?: string;
  /** Configuration file; default `rocky.toml` in `cwd`. */
  readonly config?: string;
  /** Environment variables for the configuration. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  /** Hears everything that commands say while they work. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export type Options<N extends keyof Outputs> = Outputs[N]["options"];
export type Output<N extends keyof Outputs> = Outputs[N]["output"];

/** Settings of one call. */
export interface CallOptions {
  /** Aborted to drain and stop. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent) => void;
}

/** A finished call: its payload, and the exit code that the command line would have had. */
export interface Finished<T> {
  readonly output: T;
  readonly exitCode: number;
}

/**
 * The engine in this process: every command as an async method with typed options and output. It keeps no state
 * between calls and never ends the process. A method throws a `RockyError` when the command has nothing to show;
 * a command that fails with a payload (some tables failed, a check did not pass) returns it, and the payload says
 * so. `call` gives the exit code as well.
 */
export class Rocky {
  readonly #options: RockyOptions;

  constructor(options: RockyOptions = {}) {
    this.#options = options;
  }

  /** Runs any command line of the engine; never throws. */
  invoke(argv: readonly string[], call: CallOptions = {}): Promise<InvocationResult> {
    const { cwd, config, env, statePath, stateNamespace, onEvent } = this.#options;
    const leading = toArguments({ config, statePath, stateNamespace });
    const listener = call.onEvent ?? onEvent;
    return invoke([...leading, ...argv], {
      cwd: cwd ?? process.cwd(),
      env: env ?? process.env,
      isTerminal: false,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      ...(listener === undefined ? {} : { onEvent: listener }),
    });
  }

  /** One command by name, with its exit code. `words` are positional arguments. */
  async call<N extends keyof Outputs>(
    name: N,
    options: Outputs[N]["options"] = {},
    words: readonly string[] = [],
    call: CallOptions = {},
  ): Promise<Finished<Outputs[N]["output"]>> {
    const argv = [...String(name).split(" "), ...toArguments(options), "--", ...words];
    const { error, payload, exitCode, stderr } = await this.invoke(argv, call);
    if (payload === undefined)
      throw error ?? new RockyError("internal", stderr === "" ? `${name} printed nothing` : stderr);
    // `Outputs` is the list of what each command prints, held to it by the conformance of its payload schema.
    return { output: payload as Outputs[N]["output"], exitCode };
  }

  /** Checks the configuration and the models without touching a warehouse. */
  validate(options: Options<"validate"> = {}, call?: CallOptions): Promise<Output<"validate">> {
    return this.#output("validate", options, [], call);
  }

  /** Lists the sources and tables that a replication pipeline would read. */
  discover(options: Options<"discover"> = {}, call?: CallOptions): Promise<Output<"discover">> {
    return this.#output("discover", options, [], call);
  }

  /** Checks the models: dependencies, columns, types, contracts. */
  compile(options: Options<"compile"> = {}, call?: CallOptions): Promise<Output<"compile">> {
    return this.#output("compile", options, [], call);
  }

  /** The graph of seeds, pipelines, models and tests. */
  dag(options: Options<"dag"> = {}, call?: CallOptions): Promise<Output<"dag">> {
    return this.#output("dag", options, [], call);
  }

  /** Where a model's columns come from; with `column`, one column followed. `target` is MODEL or MODEL.COLUMN. */
  lineage(target: string, options: Options<"lineage"> = {}, call?: CallOptions): Promise<Output<"lineage">> {
    return this.#output("lineage", options, [target], call);
  }

  /** Runs the tests of the models. */
  test(options: Options<"test"> = {}, call?: CallOptions): Promise<Output<"test">> {
    return this.#output("test", options, [], call);
  }

  /** Compiles and tests in one go. */
  ci(options: Options<"ci"> = {}, call?: CallOptions): Promise<Output<"ci">> {
    return this.#output("ci", options, [], call);
  }

  /** Runs a pipeline or a model. Failed tables do not throw: look at `status` and `errors`. */
  run(options: Options<"run"> = {}, call?: CallOptions): Promise<Output<"run">> {
    return this.#output("run", options, [], call);
  }

  /** Watermarks of the replicated tables. */
  state(options: Options<"state"> = {}, call?: CallOptions): Promise<Output<"state">> {
    return this.#output("state", options, [], call);
  }

  /** Past runs, or the executions of one model. */
  history(options: Options<"history"> = {}, call?: CallOptions): Promise<Output<"history">> {
    return this.#output("history", options, [], call);
  }

  /** Advice on materialisation from the history. */
  optimize(options: Options<"optimize"> = {}, call?: CallOptions): Promise<Output<"optimize">> {
    return this.#output("optimize", options, [], call);
  }

  /** Recorded quality of a table. */
  metrics(model: string, options: Options<"metrics"> = {}, call?: CallOptions): Promise<Output<"metrics">> {
    return this.#output("metrics", options, [model], call);
  }

  /** What a run cost. `runId` may be `latest`. */
  cost(runId: string, options: Options<"cost"> = {}, call?: CallOptions): Promise<Output<"cost">> {
    return this.#output("cost", options, [runId], call);
  }

  /** The course of a run. `runId` may be `latest`. */
  trace(runId: string, options: Options<"trace"> = {}, call?: CallOptions): Promise<Output<"trace">> {
    return this.#output("trace", options, [runId], call);
  }

  /** Which masks apply to classified columns. */
  compliance(options: Options<"compliance"> = {}, call?: CallOptions): Promise<Output<"compliance">> {
    return this.#output("compliance", options, [], call);
  }

  /** The retention that models declare. */
  retentionStatus(
    options: Options<"retention-status"> = {},
    call?: CallOptions,
  ): Promise<Output<"retention-status">> {
    return this.#output("retention-status", options, [], call);
  }

  /** Health of configuration, state, adapters and credentials. */
  doctor(options: Options<"doctor"> = {}, call?: CallOptions): Promise<Output<"doctor">> {
    return this.#output("doctor", options, [], call);
  }

  /** The commands that run on events. */
  hooksList(options: Options<"hooks list"> = {}, call?: CallOptions): Promise<Output<"hooks list">> {
    return this.#output("hooks list", options, [], call);
  }

  /** Fires an event with made-up values. */
  hooksTest(
    event: string,
    options: Options<"hooks test"> = {},
    call?: CallOptions,
  ): Promise<Output<"hooks test">> {
    return this.#output("hooks test", options, [event], call);
  }

  /** Writes down what a run would do; `plan_id` is what `apply` takes. */
  plan(options: Options<"plan"> = {}, call?: CallOptions): Promise<Output<"plan">> {
    return this.#output("plan", options, [], call);
  }

  /** Runs a plan, when nothing it was made from has changed. */
  apply(planId: string, options: Options<"apply"> = {}, call?: CallOptions): Promise<Output<"apply">> {
    return this.#output("apply", options, [planId], call);
  }

  /** How the warehouse would run the models, without running them. */
  estimate(options: Options<"estimate"> = {}, call?: CallOptions): Promise<Output<"estimate">> {
    return this.#output("estimate", options, [], call);
  }

  /** Rows, NULLs and values of a model's columns; of classified columns only numbers. */
  profile(model: string, options: Options<"profile"> = {}, call?: CallOptions): Promise<Output<"profile">> {
    return this.#output("profile", options, [model], call);
  }

  /** Runs that webhooks have asked for and nobody has started. */
  stateScheduleSpool(
    options: Options<"state schedule spool"> = {},
    call?: CallOptions,
  ): Promise<Output<"state schedule spool">> {
    return this.#output("state schedule spool", options, [], call);
  }

  /** Plans how a branch's tables replace those in production. Throws when readers would break. */
  planPromote(
    branch: string,
    options: Options<"plan promote"> = {},
    call?: CallOptions,
  ): Promise<Output<"plan promote">> {
    return this.#output("plan promote", options, [branch], call);
  }

  /** Names a place where runs with `branch` write. */
  branchCreate(
    name: string,
    options: Options<"branch create"> = {},
    call?: CallOptions,
  ): Promise<Output<"branch create">> {
    return this.#output("branch create", options, [name], call);
  }

  branchShow(
    name: string,
    options: Options<"branch show"> = {},
    call?: CallOptions,
  ): Promise<Output<"branch show">> {
    return this.#output("branch show", options, [name], call);
  }

  branchList(options: Options<"branch list"> = {}, call?: CallOptions): Promise<Output<"branch list">> {
    return this.#output("branch list", options, [], call);
  }

  /** Forgets a branch; its tables stay. */
  branchDelete(
    name: string,
    options: Options<"branch delete"> = {},
    call?: CallOptions,
  ): Promise<Output<"branch delete">> {
    return this.#output("branch delete", options, [name], call);
  }

  /** Replaces tables in production by those of a branch: all, or none. A refusal does not throw: see `success`. */
  branchPromote(
    name: string,
    options: Options<"branch promote"> = {},
    call?: CallOptions,
  ): Promise<Output<"branch promote">> {
    return this.#output("branch promote", options, [name], call);
  }

  /** Loads the CSV seeds. */
  seed(options: Options<"seed"> = {}, call?: CallOptions): Promise<Output<"seed">> {
    return this.#output("seed", options, [], call);
  }

  /** Loads the files of a load pipeline. */
  load(options: Options<"load"> = {}, call?: CallOptions): Promise<Output<"load">> {
    return this.#output("load", options, [], call);
  }

  /** Runs a snapshot pipeline, or shows its statements with `dryRun`. */
  snapshot(options: Options<"snapshot"> = {}, call?: CallOptions): Promise<Output<"snapshot">> {
    return this.#output("snapshot", options, [], call);
  }

  /** Every model and source with columns, types and lineage; `out` also writes it to a file. */
  catalog(options: Options<"catalog"> = {}, call?: CallOptions): Promise<Output<"catalog">> {
    return this.#output("catalog", options, [], call);
  }

  /** The tables of a shadow run beside those in production. */
  compare(options: Options<"compare"> = {}, call?: CallOptions): Promise<Output<"compare">> {
    return this.#output("compare", options, [], call);
  }

  /** Which columns changed since a git reference, and who reads them. Default: `main`. */
  lineageDiff(
    base?: string,
    options: Options<"lineage-diff"> = {},
    call?: CallOptions,
  ): Promise<Output<"lineage-diff">> {
    return this.#output("lineage-diff", options, base === undefined ? [] : [base], call);
  }

  listPipelines(
    options: Options<"list pipelines"> = {},
    call?: CallOptions,
  ): Promise<Output<"list pipelines">> {
    return this.#output("list pipelines", options, [], call);
  }

  listAdapters(options: Options<"list adapters"> = {}, call?: CallOptions): Promise<Output<"list adapters">> {
    return this.#output("list adapters", options, [], call);
  }

  /** Where replication pipelines read from. */
  listSources(options: Options<"list sources"> = {}, call?: CallOptions): Promise<Output<"list sources">> {
    return this.#output("list sources", options, [], call);
  }

  listModels(options: Options<"list models"> = {}, call?: CallOptions): Promise<Output<"list models">> {
    return this.#output("list models", options, [], call);
  }

  /** What a model declares to depend on. */
  listDeps(
    model: string,
    options: Options<"list deps"> = {},
    call?: CallOptions,
  ): Promise<Output<"list deps">> {
    return this.#output("list deps", options, [model], call);
  }

  /** The models that declare to depend on a model. */
  listConsumers(
    model: string,
    options: Options<"list consumers"> = {},
    call?: CallOptions,
  ): Promise<Output<"list consumers">> {
    return this.#output("list consumers", options, [model], call);
  }

  /** Forgets the columns of source tables that `discover` with `withSchemas` kept. */
  stateClearSchemaCache(
    options: Options<"state clear-schema-cache"> = {},
    call?: CallOptions,
  ): Promise<Output<"state clear-schema-cache">> {
    return this.#output("state clear-schema-cache", options, [], call);
  }

  /** Sets the watermarks of incremental tables to what the tables really hold. */
  stateReconcileWatermark(
    options: Options<"state reconcile-watermark"> = {},
    call?: CallOptions,
  ): Promise<Output<"state reconcile-watermark">> {
    return this.#output("state reconcile-watermark", options, [], call);
  }

  /** Removes old runs from the state store; `dryRun` only counts them. */
  stateRetentionSweep(
    options: Options<"state retention sweep"> = {},
    call?: CallOptions,
  ): Promise<Output<"state retention sweep">> {
    return this.#output("state retention sweep", options, [], call);
  }

  /** The SQL that builds the models, as text. */
  emitSql(options: Texts["emit-sql"] = {}, call?: CallOptions): Promise<string> {
    return this.#text("emit-sql", options, call);
  }

  /** Answers over HTTP until `call.signal` is aborted; an event `serving` says at which port. */
  async serve(options: Texts["serve"] = {}, call?: CallOptions): Promise<void> {
    await this.#text("serve", options, call);
  }

  async #text<N extends keyof Texts>(
    name: N,
    options: Texts[N],
    call: CallOptions | undefined,
  ): Promise<string> {
    const { error, stdout } = await this.invoke([name, ...toArguments(options)], call);
    if (error !== undefined) throw error;
    return stdout;
  }

  async #output<N extends keyof Outputs>(
    name: N,
    options: Options<N>,
    words: readonly string[],
    call: CallOptions | undefined,
  ): Promise<Output<N>> {
    return (await this.call(name, options, words, call)).output;
  }
}
