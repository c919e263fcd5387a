import type { StepLogger } from "./execution-context.ts";
import type { InstanceReader } from "./instance-reader.ts";
import type { JsonObject } from "./metadata.ts";
import { validName } from "./validate.ts";

/** What a hook sees of the step that it follows. */
export interface HookContext {
  readonly hookName: string;
  readonly runId: string;
  readonly jobName: string;
  readonly opName: string;
  readonly stepKey: string;
  readonly runTags: Readonly<Record<string, string>>;
  readonly opConfig: JsonObject;
  readonly log: StepLogger;
  readonly instance: InstanceReader;
  /** Those that the hook asks for. */
  readonly resources: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** What the step threw; absent after a success. */
  readonly error?: unknown;
}

export interface HookOptions {
  /** Letters, digits and underscores; stands in the run's log. */
  readonly name: string;
  /** Keys of resources of the code location. */
  readonly requiredResourceKeys?: readonly string[];
}

/** Something to do after a step. What it throws is logged and changes nothing else. */
export interface HookDefinition {
  readonly kind: "hook";
  readonly name: string;
  /** After a step that succeeded, or after one that failed for good; a step that is retried triggers none. */
  readonly on: "success" | "failure";
  readonly requiredResourceKeys: readonly string[];
  readonly run: (context: HookContext) => void | Promise<void>;
}

type HookRun = HookDefinition["run"];

const hook = (on: HookDefinition["on"], options: HookOptions, run: HookRun): HookDefinition =>
  Object.freeze({
    kind: "hook",
    name: validName(options.name, "hook"),
    on,
    requiredResourceKeys: options.requiredResourceKeys ?? [],
    run,
  });

/** Runs after each step that succeeded, of the ops or jobs that have it in their `hooks`. */
export const successHook = (options: HookOptions, run: HookRun): HookDefinition =>
  hook("success", options, run);

/** Runs after each step that failed for good, of the ops or jobs that have it in their `hooks`. */
export const failureHook = (options: HookOptions, run: HookRun): HookDefinition =>
  hook("failure", options, run);
