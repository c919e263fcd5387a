import { createReadyQueue } from "./ready-queue.ts";
import type { RunStep } from "./run-plan.ts";

/** Where a step of a run is. */
export type StepState =
  | "pending"
  | "ready"
  | "running"
  | "waiting"
  | "succeeded"
  | "failed"
  | "skipped"
  | "abandoned";

/** Every change that can happen to a step. `waiting` is for its next attempt. */
export const STEP_TRANSITIONS: Readonly<Record<StepState, readonly StepState[]>> = {
  pending: ["ready", "skipped", "abandoned"],
  ready: ["running"],
  running: ["succeeded", "failed", "waiting"],
  waiting: ["ready"],
  succeeded: [],
  failed: [],
  skipped: [],
  abandoned: [],
};

export const isSettled = (state: StepState): boolean => STEP_TRANSITIONS[state].length === 0;

/** A step that will not run, and why. */
export type Passed =
  | { readonly kind: "skipped"; readonly step: RunStep; readonly missing: readonly string[] }
  | {
      readonly kind: "abandoned";
      readonly step: RunStep;
      readonly failed: readonly string[];
      readonly abandoned: readonly string[];
    };

/** Progress of a run's steps. */
export interface StepTracker {
  /** Takes the next step that may start: highest priority first, then in plan order. */
  takeReady(): RunStep | undefined;
  start(key: string): void;
  produce(key: string, outputName: string): void;
  succeed(key: string): void;
  fail(key: string): void;
  /** The running step will have another attempt once `resume` is called. */
  wait(key: string): void;
  resume(key: string): void;
  /** Steps that were passed over since the last call. */
  takePassed(): readonly Passed[];
  stateOf(key: string): StepState;
  /** No step can start any more, and none is running or waiting. */
  readonly done: boolean;
}

/** What an earlier worker of the same run did with a step. */
export interface EarlierStep {
  readonly state: "succeeded" | "failed" | "skipped";
  /** Names of the outputs that it made. */
  readonly outputs: readonly string[];
}

/**
 * Tracks steps by the outputs that they wait for. Each edge is looked at a constant number of times, so
 * that a run of many thousand steps stays linear.
 */
export function createStepTracker(
  steps: readonly RunStep[],
  earlier: ReadonlyMap<string, EarlierStep> = new Map(),
): StepTracker {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const order = new Map(steps.map((step, index) => [step.key, index]));
  const states = new Map<string, StepState>(
    steps.map((step) => [step.key, earlier.get(step.key)?.state ?? "pending"]),
  );
  const produced = new Set<string>();
  const downstream = new Map<string, string[]>();
  const unsettled = new Map<string, number>();
  const ready = createReadyQueue<RunStep>(
    (a, b) => b.priority - a.priority || (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0),
  );
  let passed: Passed[] = [];
  let open = steps.filter((step) => !earlier.has(step.key)).length;

  const outputId = (stepKey: string, name: string): string => `${stepKey}\n${name}`;
  const stateOf = (key: string): StepState => states.get(key) ?? "succeeded";
  /** Steps that this run does not execute were done by an earlier one. */
  const upstreamKeys = (step: RunStep): string[] => [
    ...new Set(step.inputs.map((input) => input.stepKey).filter((key) => byKey.has(key) && key !== step.key)),
  ];

  const move = (key: string, to: StepState): void => {
    const from = stateOf(key);
    if (!STEP_TRANSITIONS[from].includes(to)) throw new Error(`step ${key} cannot go from ${from} to ${to}`);
    states.set(key, to);
    const step = byKey.get(key);
    if (to === "ready" && step !== undefined) ready.push(step);
    if (isSettled(to)) {
      open--;
      release(key);
    }
  };

  /** Not recursive: a chain of skipped steps can be as long as the plan. */
  const release = (settledKey: string): void => {
    for (const key of downstream.get(settledKey) ?? []) {
      const left = (unsettled.get(key) ?? 0) - 1;
      unsettled.set(key, left);
      if (left === 0) undecided.push(key);
    }
    if (!deciding) decide();
  };
  const undecided: string[] = [];
  let deciding = false;
  const decide = (): void => {
    deciding = true;
    for (const key of undecided) place(key);
    undecided.length = 0;
    deciding = false;
  };

  const place = (key: string): void => {
    const step = byKey.get(key);
    if (step === undefined) return;
    const upstream = upstreamKeys(step);
    const missing = step.inputs.filter(
      (input) =>
        !input.isCheck &&
        ["succeeded", "skipped"].includes(states.get(input.stepKey) ?? "") &&
        !produced.has(outputId(input.stepKey, input.outputName)),
    );
    const failed = upstream.filter((up) => stateOf(up) === "failed");
    const abandoned = upstream.filter((up) => stateOf(up) === "abandoned");
    if (missing.length > 0) {
      passed.push({
        kind: "skipped",
        step,
        missing: missing.map((input) => `${input.stepKey}.${input.outputName}`),
      });
      move(key, "skipped");
    } else if (failed.length + abandoned.length > 0) {
      passed.push({ kind: "abandoned", step, failed, abandoned });
      move(key, "abandoned");
    } else {
      move(key, "ready");
    }
  };

  for (const [key, { outputs }] of earlier) for (const name of outputs) produced.add(outputId(key, name));
  for (const step of steps) {
    if (earlier.has(step.key)) continue;
    const upstream = upstreamKeys(step).filter((key) => !earlier.has(key));
    unsettled.set(step.key, upstream.length);
    for (const key of upstream) {
      const list = downstream.get(key);
      if (list === undefined) downstream.set(key, [step.key]);
      else list.push(step.key);
    }
    if (upstream.length === 0) undecided.push(step.key);
  }
  decide();

  return {
    takeReady: () => ready.pop(),
    start: (key) => move(key, "running"),
    produce: (key, outputName) => void produced.add(outputId(key, outputName)),
    succeed: (key) => move(key, "succeeded"),
    fail: (key) => move(key, "failed"),
    wait: (key) => move(key, "waiting"),
    resume: (key) => move(key, "ready"),
    takePassed: () => {
      const taken = passed;
      passed = [];
      return taken;
    },
    stateOf,
    get done() {
      return open === 0;
    },
  };
}
