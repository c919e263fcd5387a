import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AccessMode, Session, WaitingReport } from "../adapters/adapter.ts";
import { createAdapter } from "../adapters/create-adapter.ts";
import type { CommandContext } from "../commands/context.ts";
import type { AdapterConfig, RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { openState, type StateDatabase } from "../state/database.ts";
import { resolveStatePath } from "../state/state-path.ts";
import { didYouMean } from "../suggest.ts";

/** What running commands share: open warehouses, the state store, events. Closed once, at the end. */
export interface RunEnvironment extends AsyncDisposable {
  readonly context: CommandContext;
  readonly config: RockyConfig;
  /**
   * The session of an adapter, opened on first use. The first mode asked for stays. `attach` are the paths of the
   * files that will be attached to it.
   */
  readonly session: (adapterName: string, mode: AccessMode, attach?: readonly string[]) => Promise<Session>;
  /** Closes the sessions of files; they open again on next use. For those who work on one file after the other. */
  readonly releaseFiles: () => Promise<void>;
  /** The state store, opened on first use; a pipeline's name matters when each has a store of its own. */
  readonly state: (mode: AccessMode) => Promise<StateDatabase>;
  readonly emit: CommandContext["emit"];
  readonly signal: AbortSignal;
}

const DEFAULT_LOCK_WAIT_SECONDS = 300;

const lockWaitMs = (context: CommandContext): number => {
  const given = context.env.ROCKY_LOCK_WAIT_SECONDS;
  if (given === undefined || given === "") return DEFAULT_LOCK_WAIT_SECONDS * 1000;
  const seconds = Number(given);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  throw new RockyError("usage", `ROCKY_LOCK_WAIT_SECONDS is '${given}'`, {
    hint: "give a number of seconds",
  });
};

export const findAdapter = (config: RockyConfig, name: string): AdapterConfig => {
  const found = config.adapters.find((adapter) => adapter.name === name);
  if (found !== undefined) return found;
  const near = didYouMean(
    name,
    config.adapters.map((adapter) => adapter.name),
  );
  throw new RockyError("unknown_name", `no adapter named '${name}'`, {
    where: { file: config.file, key: `adapter.${name}` },
    ...(near === undefined ? {} : { hint: near }),
  });
};

/** `namespace` is the pipeline's name where the config keeps one store per pipeline. */
const statePathOf = (context: CommandContext, namespace: string | undefined): string => {
  const { path, warning } = resolveStatePath({
    ...(context.statePath === undefined ? {} : { statePath: context.statePath }),
    ...(namespace === undefined ? {} : { namespace }),
    kind: context.files.kind,
  });
  if (warning !== undefined) context.emit({ level: "warn", message: warning });
  return resolve(context.cwd, path);
};

const namespaceOf = (context: CommandContext): string | undefined => {
  if (context.stateNamespace !== undefined) return context.stateNamespace;
  if (!context.hasConfig()) return undefined;
  const config = context.loadConfig();
  const [only] = config.pipelines;
  return config.state.namespacing === "pipeline" && config.pipelines.length === 1 ? only?.name : undefined;
};

const openStateAt = (context: CommandContext, path: string, mode: AccessMode): Promise<StateDatabase> =>
  openState({
    path,
    mode,
    // No signal: an interrupted run still has to write down what it finished.
    waitMs: lockWaitMs(context),
    ...(context.hasConfig() ? { onMismatch: context.loadConfig().state.onSchemaMismatch } : {}),
    onWaiting: (message) => context.emit({ level: "warn", message, fields: { event: "waiting" } }),
  });

/** Opens the state store without a warehouse, for the commands that only look at it. */
export const openCommandState = (context: CommandContext, mode: AccessMode): Promise<StateDatabase> =>
  openStateAt(context, statePathOf(context, namespaceOf(context)), mode);

/** The state store as it is; undefined when there is none. Looking does not bring one into being. */
export const openExistingState = async (
  context: CommandContext,
  mode: AccessMode,
): Promise<StateDatabase | undefined> => {
  const path = statePathOf(context, namespaceOf(context));
  return existsSync(path) ? openStateAt(context, path, mode) : undefined;
};

/** Before the name of an adapter whose database is lost when it is closed. */
const MEMORY = "memory ";

export const createRunEnvironment = (context: CommandContext): RunEnvironment => {
  const config = context.loadConfig();
  const sessions = new Map<string, Promise<Session>>();
  let state: Promise<StateDatabase> | undefined;

  const onWaiting = ({ message, file, holder, waitedMs }: WaitingReport): void =>
    context.emit({ level: "warn", message, fields: { event: "waiting", file, holder, waited_ms: waitedMs } });

  const session = (
    adapterName: string,
    mode: AccessMode,
    attach: readonly string[] = [],
  ): Promise<Session> => {
    const adapterConfig = findAdapter(config, adapterName);
    // Two adapters may name one file; a second writing session of one command would wait for the first for ever.
    const key =
      adapterConfig.path === undefined ? `${MEMORY}${adapterName}` : resolve(context.cwd, adapterConfig.path);
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const opening = createAdapter(adapterConfig, context.cwd).open({
      mode,
      attach,
      signal: context.signal,
      onWaiting,
      waitMs: lockWaitMs(context),
    });
    sessions.set(key, opening);
    return opening;
  };

  const close = async (keys: readonly string[]): Promise<void> => {
    const closing = keys.flatMap((key) => sessions.get(key) ?? []);
    for (const key of keys) sessions.delete(key);
    for (const opening of await Promise.allSettled(closing)) {
      if (opening.status === "fulfilled") await opening.value[Symbol.asyncDispose]();
    }
  };

  return Object.freeze<RunEnvironment>({
    context,
    config,
    session,
    releaseFiles: () => close([...sessions.keys()].filter((key) => !key.startsWith(MEMORY))),
    state: (mode) => {
      state ??= openCommandState(context, mode);
      return state;
    },
    emit: context.emit,
    signal: context.signal,
    [Symbol.asyncDispose]: async () => {
      await close([...sessions.keys()]);
      const opened = await state?.catch(() => undefined);
      opened?.[Symbol.dispose]();
    },
  });
};
