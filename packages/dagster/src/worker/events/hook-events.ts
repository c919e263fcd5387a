import type { EventRow } from "../../instance/storage.ts";
import { wire, type WireValue } from "../../wire/index.ts";
import { type EventSource, LEVELS, stepEvent } from "./entry.ts";

type StepEventArguments = Parameters<typeof stepEvent> extends [unknown, ...infer Rest] ? Rest : never;

/** The host's own worker leaves out the process id here. */
const hookEvent = ({ pid: _pid, ...source }: EventSource, ...rest: StepEventArguments): EventRow =>
  stepEvent(source, ...rest);

export const hookCompleted = (source: EventSource, stepKey: string, hook: string): EventRow =>
  hookEvent(source, stepKey, {
    type: "HOOK_COMPLETED",
    message: `Finished the execution of hook "${hook}" triggered for "${stepKey}".`,
  });

export const hookSkipped = (source: EventSource, stepKey: string, hook: string): EventRow =>
  hookEvent(source, stepKey, {
    type: "HOOK_SKIPPED",
    message: `Skipped the execution of hook "${hook}". It did not meet its triggering condition during the execution of "${stepKey}".`,
  });

/** The hook threw; the step and the run are what they were. */
export const hookErrored = (source: EventSource, stepKey: string, error: WireValue): EventRow =>
  hookEvent(source, stepKey, {
    type: "HOOK_ERRORED",
    message: null,
    userMessage: `Error occurred during the execution of hook_fn triggered for op "${stepKey}"`,
    level: LEVELS.error,
    data: wire("HookErroredData", { error }),
  });
