import { setTimeout as sleep } from "node:timers/promises";
import type { HookDefinition } from "../../definitions/hooks.ts";
import type { WireValue } from "../../wire/index.ts";
import { LEVELS, logLine } from "../events/entry.ts";
import { InterruptedError, UncaughtError } from "../events/step-errors.ts";
import { poolBlocked, stepSkipped } from "../events/step-events.ts";
import type { RunStep } from "../plan/run-plan.ts";
import { createStepTracker, type Passed, type StepTracker } from "../plan/step-states.ts";
import { executeStep, type StepOutcome } from "../steps/execute-step.ts";
import type { RunScope } from "../steps/step-scope.ts";
import { runHooks } from "./hooks.ts";
import type { EarlierProgress } from "./earlier-progress.ts";
import type { PoolClaims } from "./pool-claims.ts";
import type { TagLimits } from "./tag-limits.ts";

export interface StepFailure {
  readonly stepKey: string;
  /** The failure's event, as the run's own failure repeats it. */
  readonly event: WireValue;
  readonly error: WireValue;
}

export interface StepsResult {
  /** In the order in which they failed. */
  readonly failures: readonly StepFailure[];
  /** Set when the run was told to stop before its steps were done. */
  readonly interruption: Error | undefined;
}

export interface StepsOptions {
  readonly scope: RunScope;
  readonly steps: readonly RunStep[];
  readonly pools: PoolClaims;
  /** How many steps may run side by side. */
  readonly limit: number;
  readonly tagLimits: TagLimits;
  readonly hooksOf: (step: RunStep) => readonly HookDefinition[];
  /** Stops the steps that are running: their events cannot be stored any more. */
  readonly giveUp: (error: unknown) => void;
  /** Attempts that earlier runs made, by step. */
  readonly previousAttempts: Readonly<Record<string, number>>;
  /** What an earlier worker of the same run did. */
  readonly earlier?: EarlierProgress;
}

/** Seconds between looks at a full pool, growing. */
const POOL_WAIT = { first: 0.5, factor: 1.3, most: 10 };
/** A step that waits for its pool says so again after this many seconds. */
const POOL_MESSAGE_SECONDS = 300;

interface Blocked {
  readonly step: RunStep;
  looks: number;
  nextLook: number;
  lastMessage: number;
  /** It waits for steps of this run that share a tag with it. */
  isTagged: boolean;
}

/** Runs the steps in dependency order, side by side where the limit and the pools allow. */
export async function runSteps(options: StepsOptions): Promise<StepsResult> {
  const { scope, pools } = options;
  const tracker = createStepTracker(options.steps, options.earlier?.steps);
  const attempts = new Map(Object.entries({ ...options.previousAttempts, ...options.earlier?.attempts }));
  const running = new Set<Promise<void>>();
  const waiting = new Set<Promise<void>>();
  const blocked = new Map<string, Blocked>();
  const failures: StepFailure[] = [...(options.earlier?.failures ?? [])];
  let interruption: Error | undefined;
  let fatal: { readonly error: unknown } | undefined;

  const settle = async (step: RunStep, outcome: StepOutcome): Promise<void> => {
    switch (outcome.kind) {
      case "succeeded":
        tracker.succeed(step.key);
        break;
      case "failed":
        failures.push({ stepKey: step.key, ...outcome.failure });
        tracker.fail(step.key);
        break;
      case "interrupted":
        failures.push({ stepKey: step.key, ...outcome.failure });
        interruption ??= outcome.error;
        tracker.fail(step.key);
        break;
      case "retry":
        attempts.set(step.key, (attempts.get(step.key) ?? 0) + 1);
        tracker.wait(step.key);
        own(
          waiting,
          pause(outcome.seconds, scope.signal).then(() => tracker.resume(step.key)),
        );
        break;
      default:
        outcome satisfies never;
    }
    if (interruption === undefined) await recordPassed(scope, tracker.takePassed());
  };

  const run = async (step: RunStep): Promise<void> => {
    const produced = (output: string): void => tracker.produce(step.key, output);
    try {
      const outcome = await executeStep(scope, step, attempts.get(step.key) ?? 0, produced);
      await pools.release(step.key);
      options.tagLimits.giveBack(step);
      // The slot may go to a step of this very run.
      for (const entry of blocked.values()) {
        if (entry.isTagged || entry.step.pool === step.pool) entry.nextLook = 0;
      }
      await settle(step, outcome);
      await runHooks(scope, step, options.hooksOf(step), outcome);
    } catch (error) {
      fatal ??= { error };
      // Nobody could say what the other steps do from here on.
      options.giveUp(error);
    }
  };

  const start = (step: RunStep): void => {
    tracker.start(step.key);
    own(running, run(step));
  };

  const tryBlocked = async (entry: Blocked): Promise<boolean> => {
    const { step } = entry;
    entry.isTagged = !options.tagLimits.take(step);
    if (entry.isTagged) {
      // Only steps of this run count: the end of one is when to look again.
      entry.nextLook = Number.POSITIVE_INFINITY;
      return false;
    }
    if (step.pool === undefined || (await pools.claim(step.pool, step.key, step.priority))) return true;
    options.tagLimits.giveBack(step);
    const now = Date.now() / 1000;
    const wait = Math.min(POOL_WAIT.most, POOL_WAIT.first * POOL_WAIT.factor ** entry.looks);
    entry.looks++;
    entry.nextLook = now + wait;
    if (now - entry.lastMessage > POOL_MESSAGE_SECONDS) {
      const isFirst = entry.lastMessage === 0;
      entry.lastMessage = now;
      await scope.sink.emit(poolBlocked(scope.source, step.key, step.pool, isFirst));
    }
    return false;
  };

  const fill = async (): Promise<void> => {
    for (const entry of [...blocked.values()]) {
      if (running.size >= options.limit) return;
      if (entry.nextLook > Date.now() / 1000 || !(await tryBlocked(entry))) continue;
      blocked.delete(entry.step.key);
      start(entry.step);
    }
    while (running.size < options.limit && fatal === undefined) {
      const step = tracker.takeReady();
      if (step === undefined) return;
      const entry = { step, looks: 0, nextLook: 0, lastMessage: 0, isTagged: false };
      if (await tryBlocked(entry)) start(step);
      else blocked.set(step.key, entry);
    }
  };

  try {
    while (!tracker.done && fatal === undefined && !scope.signal.aborted) {
      await fill();
      if (running.size + waiting.size + blocked.size === 0) break;
      await nextChange(running, waiting, blocked, scope.signal);
    }
    await Promise.all(running);
  } finally {
    await pools.releaseAll();
  }
  if (fatal !== undefined) throw fatal.error;
  const { aborted, reason } = scope.signal;
  if (reason instanceof UncaughtError) interruption = reason;
  else if (interruption === undefined && aborted && !tracker.done)
    interruption = stoppedEarly(tracker, options.steps);
  return { failures, interruption };
}

const own = (set: Set<Promise<void>>, work: Promise<void>): void => {
  set.add(work);
  void work.finally(() => set.delete(work));
};

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);

/** A step ended, a retry is due, a pool is worth another look, or the run was told to stop. */
async function nextChange(
  running: ReadonlySet<Promise<void>>,
  waiting: ReadonlySet<Promise<void>>,
  blocked: ReadonlyMap<string, Blocked>,
  signal: AbortSignal,
): Promise<void> {
  const looks = [...blocked.values()].map((entry) => entry.nextLook);
  const timer = new AbortController();
  const stop = AbortSignal.any([signal, timer.signal]);
  // With free room for steps a passed look is due at once; with none it waits for a step to end.
  const nextLook = looks.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...looks) - Date.now() / 1000;
  const longest = 3600;
  const look = pause(Math.max(0.02, Math.min(longest, nextLook)), stop);
  await Promise.race([...running, ...waiting, look]);
  timer.abort();
}

async function recordPassed(scope: RunScope, passed: readonly Passed[]): Promise<void> {
  const { source, sink } = scope;
  for (const each of passed) {
    const { key } = each.step;
    if (each.kind === "skipped") {
      const message = `Skipping step ${key} due to skipped dependencies: ${pythonList(each.missing)}.`;
      sink.post(logLine(source, LEVELS.info, message, key));
      await sink.emit(stepSkipped(source, key));
    } else {
      const failed = each.failed.length === 0 ? "" : ` failed: ${pythonList(each.failed)}`;
      const abandoned =
        each.abandoned.length === 0 ? "" : ` were not executed: ${pythonList(each.abandoned)}`;
      const message = `Dependencies for step ${key}${failed}${abandoned}. Not executing.`;
      sink.post(logLine(source, LEVELS.error, message, key));
    }
  }
}

const pythonList = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(", ")}]`;

function stoppedEarly(tracker: StepTracker, steps: readonly RunStep[]): Error {
  const left = steps.filter((step) => tracker.stateOf(step.key) === "pending").length;
  return new InterruptedError(
    `Execution was interrupted before completing the execution plan (${left} steps pending)`,
  );
}
