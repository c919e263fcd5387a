import { type FSWatcher, watch } from "node:fs";
import { basename, resolve } from "node:path";
import { loadConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { modelsDirectory } from "../models/index.ts";
import type { CommandOutcome } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { DEFAULT_MODELS } from "./project-options.ts";
import { globalArguments } from "./to-arguments.ts";

/** A burst of saves is one change. */
const SETTLE_MS = 200;

/** What a project is written in, and folders. A run writes other files beside these, and must not start the next. */
const PROJECT_FILE = /\.(?:sql|rocky|toml)$|(?:^|[\\/])[^.\\/]+$/;
const HIDDEN = /(?:^|[\\/])\./;

interface Listening extends Disposable {
  /** The first file that changed since, told once nothing more changes for a moment; undefined when interrupted. */
  readonly change: Promise<string | undefined>;
}

/** Hears of every change below the paths from now on. */
const listen = (paths: readonly string[], signal: AbortSignal): Listening => {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let interrupt = (): void => {};
  const change = new Promise<string | undefined>((settle, reject) => {
    const heard = (path: string, file: string): void => {
      // A path that was named is always meant, whatever it is called.
      if (file !== basename(path) && (HIDDEN.test(file) || !PROJECT_FILE.test(file))) return;
      clearTimeout(timer);
      timer = setTimeout(() => settle(file), SETTLE_MS);
    };
    const fail = (thrown: unknown): void => reject(RockyError.from(thrown, "io_failed"));
    interrupt = () => settle(undefined);
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      for (const path of paths) {
        const watcher = watch(path, { recursive: true }, (_event, file) =>
          heard(path, file ?? basename(path)),
        );
        // Without a listener an error of a watcher would end the process.
        watchers.push(watcher.on("error", fail));
      }
    } catch (thrown) {
      fail(thrown);
    }
  });
  // It may fail during a run, when nobody waits for it yet.
  change.catch(() => {});
  return {
    change,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener("abort", interrupt);
    },
  };
};

/** Where the models are that a run may build. */
const modelFolders = ({ files, env, configPath }: CommandContext): readonly string[] => {
  try {
    // Not through the context: each run says itself what is odd about the configuration.
    const { directory, pipelines } = loadConfig(files, env, configPath);
    const folders = pipelines.flatMap((pipeline) =>
      pipeline.type === "transformation" ? [modelsDirectory(directory, pipeline.models)] : [],
    );
    return folders.length === 0 ? [DEFAULT_MODELS] : [...new Set(folders)];
  } catch {
    // The first run tells what is wrong with it.
    return [DEFAULT_MODELS];
  }
};

/** Runs a command line, and again whenever a file of the project changes, until interrupted; the last outcome remains. */
export const watchAndRun = async (
  context: CommandContext,
  models: string | undefined,
  argv: readonly string[],
): Promise<CommandOutcome> => {
  const { invoke } = context;
  if (invoke === undefined) throw new RockyError("internal", "run cannot run other commands here");
  for (;;) {
    const folders = models === undefined ? modelFolders(context) : [models];
    const paths = [context.configPath, ...folders]
      .filter((path) => context.files.kind(path) !== undefined)
      .map((path) => resolve(context.cwd, path));
    // Before the run, because what is saved while it works may come too late for it. Anew for each, because a file
    // that an editor has replaced is no longer the one that was listened to.
    using listening = listen(paths, context.signal);
    const started = performance.now();
    // A command line of its own reads the configuration anew.
    const { payload, exitCode, error } = await invoke([...globalArguments(context), ...argv]);
    const outcome = {
      exitCode,
      ...(payload === undefined ? {} : { payload }),
      ...(error === undefined ? {} : { error }),
    };
    if (context.signal.aborted) return outcome;
    const took = Math.round(performance.now() - started);
    const failed = exitCode !== 0;
    context.emit({
      level: failed ? "error" : "info",
      message: failed
        ? `[watch] run failed in ${took} ms${error === undefined ? "" : `: ${error.message}`}`
        : `[watch] run completed in ${took} ms`,
      fields: { event: "watch_run", exit_code: exitCode, duration_ms: took },
    });
    const changed = await listening.change;
    if (changed === undefined) return outcome;
    context.emit({
      level: "info",
      message: `[watch] ${changed} has changed`,
      fields: { event: "watch_change", file: changed },
    });
  }
};
