import { type FSWatcher, watch } from "node:fs";
import { resolve } from "node:path";
import { RockyError } from "../errors.ts";
import type { CommandOutcome } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { globalArguments } from "./to-arguments.ts";

/** A burst of saves is one change. */
const SETTLE_MS = 200;

const OWN_FILES = /(?:^|[\\/])\.rocky|~$|\.tmp$|\.redb|\.duckdb/;

/** Resolves once something below the paths has changed and nothing has for a moment; at once when aborted. */
const nextChange = (paths: readonly string[], signal: AbortSignal): Promise<string | undefined> =>
  new Promise((settle, reject) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const end = (changed: string | undefined): void => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener("abort", abort);
      settle(changed);
    };
    const abort = (): void => end(undefined);
    const heard = (file: string): void => {
      if (OWN_FILES.test(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => end(file), SETTLE_MS);
    };
    signal.addEventListener("abort", abort, { once: true });
    for (const path of paths) {
      try {
        watchers.push(watch(path, { recursive: true }, (_event, file) => heard(file ?? path)));
      } catch (thrown) {
        for (const watcher of watchers) watcher.close();
        reject(RockyError.from(thrown, "io_failed"));
        return;
      }
    }
    if (signal.aborted) abort();
  });

/** Runs a command line, and again whenever a file of the project changes, until interrupted; the last outcome remains. */
export const watchAndRun = async (
  context: CommandContext,
  directories: readonly string[],
  argv: readonly string[],
): Promise<CommandOutcome> => {
  const { invoke } = context;
  if (invoke === undefined) throw new RockyError("internal", "run cannot run other commands here");
  const paths = [context.configPath, ...directories]
    .filter((path) => context.files.kind(path) !== undefined)
    .map((path) => resolve(context.cwd, path));
  for (;;) {
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
    const changed = await nextChange(paths, context.signal);
    if (changed === undefined) return outcome;
    context.emit({
      level: "info",
      message: `[watch] ${changed} has changed`,
      fields: { event: "watch_change", file: changed },
    });
  }
};
