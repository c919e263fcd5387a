import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { callOnce } from "./call.ts";
import type { Command, CommandConfig } from "./commands/command.ts";
import { COMMANDS, type CommandName, type CommandOptions, type CommandResult } from "./commands/index.ts";
import type { RunModelOptions, RunOptions } from "./commands/running.ts";
import { type JsonRecord, record } from "./decode.ts";
import { RockyError } from "./errors.ts";
import { createHearing } from "./heard.ts";
import { DEFAULT_PATIENCE, type LockPatience, waitForLock } from "./lock-wait.ts";
import { checkGovernanceOverride, type RunResolvers, resolveModifiers } from "./modifiers.ts";
import type { RunOutput } from "./outputs/run.ts";
import { runFromMessages, withMessages } from "./pipes/run-from-messages.ts";
import type { PipesSession } from "./pipes/session.ts";
import { planThenApply, type RunReport } from "./plan-then-apply.ts";
import { type Redact, showArgv } from "./redaction.ts";
import type { ResolverMethod } from "./resolver.ts";
import type { EngineEvent, RockyTransport } from "./transport.ts";
import { MIN_ROCKY_VERSION, requireVersion } from "./version-gate.ts";

/** What every call may be given besides its own options. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Hears what the engine says while it works. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Seconds; default: the resource's limit. */
  readonly timeoutSeconds?: number;
  /** The op that makes the call; resolvers are told. */
  readonly context?: AssetExecutionContext;
  /** Added to the engine's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A command as a method: its options may be left out when each of them may. */
export type Method<Name extends CommandName> =
  Record<never, never> extends CommandOptions<Name>
    ? (options?: CommandOptions<Name>, call?: CallOptions) => Promise<CommandResult<Name>>
    : (options: CommandOptions<Name>, call?: CallOptions) => Promise<CommandResult<Name>>;

/** The commands that are one call with one answer. */
export type PlainCommand = Exclude<CommandName, "run" | "runModel" | "resumeRun">;

/** The engine as code sees it: one method per command, each giving a typed result or a `RockyError`. */
export type RockyResource = { readonly [Name in PlainCommand]: Method<Name> } & {
  readonly config: RockyResourceConfig;
  /** One direct `rocky run`. */
  run(options?: RunOptions, call?: CallOptions): Promise<RunOutput>;
  /** Plans the run, which leaves a plan file, then applies that plan while streaming what the engine says. */
  runStreaming(options?: RunOptions, call?: CallOptions): Promise<RunReport>;
  /** The same, and the engine also reports through Dagster Pipes while it applies the plan. */
  runPipes(options: RunOptions, call: CallOptions, pipes: PipesOpener): Promise<RunReport>;
  /** One model, and nothing that it reads. */
  runModel(options: RunModelOptions, call?: CallOptions): Promise<RunReport>;
  resumeRun: Method<"resumeRun">;
  /** A command's output as the engine wrote it, checked like the typed one: for what is kept in state. */
  payload<Name extends PlainCommand>(
    name: Name,
    options?: CommandOptions<Name>,
    call?: CallOptions,
  ): Promise<JsonRecord>;
  /** Which engine answers, once it has been looked for: for logs. */
  describeEngine(): string;
};

/** Opens the Pipes channel for one plan. */
export type PipesOpener = (planId: string) => PipesSession;

export interface RockyResourceConfig extends CommandConfig {
  /** The working directory of the engine; plan files are written below it. */
  readonly projectRoot: string;
  /** Seconds per engine call. */
  readonly timeoutSeconds: number;
  readonly strictDoctor: boolean;
  readonly strictDoctorChecks: readonly string[];
  readonly resolvers: RunResolvers;
}

/** The outside world of a resource, found when the first call is made. */
export interface EngineAccess {
  readonly transport: RockyTransport;
  readonly redact: Redact;
  /** Said once, at the first call. */
  readonly announcement: string;
}

const positive = (seconds: number): number => {
  if (seconds > 0) return seconds;
  throw new RockyError("argument", `timeout_seconds must be positive, got ${seconds}`, {
    argument: "timeout_seconds",
  });
};

const shadowOf = ({ shadowSuffix }: RunOptions): { readonly shadowSuffix?: string } =>
  shadowSuffix === undefined ? {} : { shadowSuffix };

/**
 * A resolver computes one key for a run. A run of several models is several engine calls, and with one key the
 * engine would take the second model for a repetition of the first.
 */
const modelKey = (given: RunModelOptions, full: RunModelOptions): { readonly idempotencyKey?: string } =>
  given.idempotencyKey === undefined && full.idempotencyKey !== undefined
    ? { idempotencyKey: `${full.idempotencyKey}:${full.model}` }
    : {};

/** Listens to what the engine says, and passes it on. */
const listen = (call: CallOptions) => {
  const hearing = createHearing();
  const onEvent = (event: EngineEvent): void => {
    hearing.hear(event);
    call.onEvent?.(event);
  };
  return { call: { ...call, onEvent }, heard: hearing.facts };
};

/** @throws nothing: a missing or outdated engine is reported by the first call. */
export const createResource = (
  config: RockyResourceConfig,
  open: () => EngineAccess,
  patience: LockPatience = DEFAULT_PATIENCE,
): RockyResource => {
  let access: EngineAccess | undefined;
  let announced = false;

  const engine = (call: CallOptions): EngineAccess => {
    access ??= open();
    if (!announced) {
      announced = true;
      call.onEvent?.({ level: "info", message: access.announcement });
    }
    return access;
  };

  const perform = async <Options, Result>(
    command: Command<Options, Result>,
    options: Options,
    call: CallOptions = {},
  ): Promise<Result> => {
    const { transport, redact } = engine(call);
    const { onEvent, signal } = call;
    await requireVersion(transport, MIN_ROCKY_VERSION, onEvent);
    const floor = command.floor?.(options);
    if (floor !== undefined) await requireVersion(transport, floor, onEvent);
    const args = command.args(options, config);
    onEvent?.({ level: "debug", message: `rocky ${redact(showArgv(args))}` });
    const timeoutMs = positive(call.timeoutSeconds ?? config.timeoutSeconds) * 1000;
    const attempt = () =>
      callOnce(transport, command, args, config, redact, {
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
        ...(onEvent === undefined ? {} : { onEvent }),
        ...(call.env === undefined ? {} : { env: call.env }),
      });
    // The embedded engine waits for locks itself.
    if (transport.kind === "embedded") return (await attempt()).finish();
    return waitForLock(attempt, patience, signal, onEvent);
  };

  const resolved = async <O extends RunOptions | RunModelOptions>(
    method: ResolverMethod,
    options: O,
    call: CallOptions,
  ): Promise<readonly [O, CallOptions]> => {
    const given = {
      ...(options.shadowSuffix === undefined ? {} : { shadowSuffix: options.shadowSuffix }),
      ...(options.governanceOverride === undefined ? {} : { governanceOverride: options.governanceOverride }),
      ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
      ...(call.timeoutSeconds === undefined ? {} : { timeoutSeconds: call.timeoutSeconds }),
    };
    const { timeoutSeconds, ...modifiers } = await resolveModifiers(config.resolvers, given, {
      ...(call.context === undefined ? {} : { context: call.context }),
      filter: options.filter ?? "",
      method,
      supplied: { ...options },
    });
    const timed = timeoutSeconds === undefined ? call : { ...call, timeoutSeconds };
    return [{ ...options, ...modifiers }, timed];
  };

  const plain = Object.fromEntries(
    Object.entries(COMMANDS).map(([name, command]) => [
      name,
      (options: object = {}, call?: CallOptions) =>
        perform(command as unknown as Command<object, unknown>, options, call),
    ]),
  ) as unknown as { readonly [Name in CommandName]: Method<Name> };

  const planned = async (
    method: "runStreaming" | "runPipes",
    options: RunOptions,
    call: CallOptions,
    apply: (planId: string, call: CallOptions) => Promise<RunOutput>,
  ): Promise<RunReport> => {
    const listening = listen(call);
    const [full, timed] = await resolved(method, options, listening.call);
    const report = await planThenApply(
      {
        plan: () => perform(COMMANDS.planRun, full, timed),
        apply: (planId) => apply(planId, timed),
        run: () => perform(COMMANDS.run, full, timed),
      },
      config.projectRoot,
      timed.onEvent,
    );
    return { ...report, heard: listening.heard(), ...shadowOf(full) };
  };

  const applyWithPipes = async (planId: string, call: CallOptions, open: PipesOpener): Promise<RunOutput> => {
    const session = open(planId);
    try {
      const run = await perform(
        COMMANDS.applyPipes,
        { planId },
        { ...call, env: { ...call.env, ...session.env } },
      );
      session.close();
      return run === undefined ? runFromMessages(session.messages) : withMessages(run, session.messages);
    } catch (error) {
      session.close();
      throw error;
    }
  };

  return {
    ...plain,
    config,
    payload: (name, options, call) => {
      const command = COMMANDS[name] as unknown as Command<object, unknown>;
      const checked = (output: unknown): JsonRecord => {
        command.decode(output);
        return record(output);
      };
      return perform({ ...command, decode: checked }, options ?? {}, call);
    },
    describeEngine: () => access?.announcement ?? "The engine has not been called yet",
    run: async (options = {}, call = {}) => {
      const [full, timed] = await resolved("run", options, call);
      return perform(COMMANDS.run, full, timed);
    },
    runStreaming: (options = {}, call = {}) =>
      planned("runStreaming", options, call, (planId, timed) =>
        perform(COMMANDS.applyRun, { planId }, timed),
      ),
    runPipes: async (options, call, open) => {
      if (options.defer !== undefined || options.deferTo !== undefined)
        throw new RockyError(
          "argument",
          "defer and defer_to cannot be planned, so they are not available with Pipes",
        );
      return planned("runPipes", options, call, (planId, timed) => applyWithPipes(planId, timed, open));
    },
    runModel: async (options, call = {}) => {
      const listening = listen(call);
      const [full, timed] = await resolved("runModel", options, listening.call);
      const keyed = { ...full, ...modelKey(options, full) };
      const run = await perform(COMMANDS.runModel, keyed, timed);
      return { run, heard: listening.heard(), ...shadowOf(full) };
    },
    resumeRun: async (options = {}, call = {}) => {
      checkGovernanceOverride(options.governanceOverride);
      return perform(COMMANDS.resumeRun, options, call);
    },
  };
};
