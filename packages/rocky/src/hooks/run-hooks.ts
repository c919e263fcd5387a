import type { CommandContext } from "../commands/context.ts";
import type { EngineEvent } from "../commands/invocation.ts";
import { RockyError } from "../errors.ts";
import type { HookContext } from "./context.ts";
import { eventsAtEnd, eventsFor, type Facts, type RunPayload } from "./run-events.ts";
import { createHooks, type Hooks } from "./hooks.ts";

interface Finished {
  readonly payload: object;
  readonly exitCode: number;
}

/** Fires hooks one after the other in the order of the events; the first wish to abort stops the run. */
const createQueue = (hooks: Hooks, stop: AbortController, context: CommandContext) => {
  const run = { id: "", pipeline: "" };
  let last: Promise<void> = Promise.resolve();
  let aborted: RockyError | undefined;
  const fire = (event: string, facts: Facts): void => {
    if (!hooks.has(event)) return;
    const told: HookContext = {
      event,
      runId: run.id,
      pipeline: run.pipeline,
      timestamp: new Date(),
      ...facts,
      ...(facts.error === undefined ? {} : { error: context.redactor.text(facts.error) }),
    };
    last = last.then(async () => {
      const result = await hooks.fire(told);
      if (result.status !== "abort" || aborted !== undefined) return;
      aborted = new RockyError("check_failed", result.reason, {
        hint: 'a hook with on_failure = "abort" stops the run',
      });
      stop.abort(aborted);
    });
  };
  return {
    run,
    fire,
    /** Waits for what was fired; throws once a hook has asked to abort. */
    settle: async (): Promise<void> => {
      await last;
      if (aborted !== undefined) throw aborted;
    },
    finish: async (): Promise<RockyError | undefined> => {
      await last;
      await hooks.settle();
      return aborted;
    },
  };
};

/** Runs `execute` with the project's hooks listening to its events. Without hooks nothing is in between. */
export const withHooks = async <T extends Finished>(
  context: CommandContext,
  execute: (context: CommandContext) => Promise<T>,
): Promise<T> => {
  const { hooks: config } = context.loadConfig();
  if (Object.keys(config.shell).length + Object.keys(config.webhooks).length === 0) return execute(context);
  const stop = new AbortController();
  const queue = createQueue(createHooks(config, context), stop, context);
  const endings: EngineEvent[] = [];
  const emit = (event: EngineEvent): void => {
    context.emit(event);
    const { fields = {} } = event;
    if (fields.event === "run_started") {
      queue.run.id = String(fields.run_id ?? "");
      queue.run.pipeline = String(fields.pipeline ?? "");
    }
    // The end of a run is told once its output is known.
    if (fields.event === "run_finished") endings.push(event);
    for (const [name, facts] of eventsFor(event)) queue.fire(name, facts);
  };
  const end = (payload: RunPayload): void => {
    for (const [name, facts] of eventsAtEnd(payload, endings)) queue.fire(name, facts);
  };
  const signal = AbortSignal.any([context.signal, stop.signal]);
  try {
    const finished = await execute({ ...context, emit, signal, settleHooks: queue.settle });
    end(finished.payload);
    // Stopped by a hook and not by a signal: a failure, with the payload that says how far it got.
    return (await queue.finish()) === undefined ? finished : { ...finished, exitCode: 1 };
  } catch (thrown) {
    end({});
    await queue.finish();
    throw thrown;
  }
};
