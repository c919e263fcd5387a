import { describe, expect, it } from "vitest";
import type { StepInput, RunStep } from "./run-plan.ts";
import { createStepTracker, STEP_TRANSITIONS, type StepState, type StepTracker } from "./step-states.ts";

const definition: RunStep["definition"] = {
  kind: "checks",
  opName: "op",
  checkSpecs: [],
  canSubset: false,
  opTags: {},
  requiredResourceKeys: [],
  compute: async function* () {},
};

const on = (stepKey: string, isCheck = false): StepInput => ({ stepKey, outputName: "result", isCheck });
const step = (key: string, inputs: StepInput[] = [], priority = 0): RunStep => ({
  key,
  definition,
  outputs: [],
  inputs,
  pool: undefined,
  priority,
});

const takeAll = (tracker: StepTracker): string[] => {
  const keys: string[] = [];
  for (let next = tracker.takeReady(); next !== undefined; next = tracker.takeReady()) keys.push(next.key);
  return keys;
};

describe("step tracker", () => {
  it("starts what has no upstream, by priority and then in plan order", () => {
    const tracker = createStepTracker([step("a"), step("b", [], 5), step("c"), step("d", [on("a")])]);
    expect(takeAll(tracker)).toEqual(["b", "a", "c"]);
  });

  it("runs a step once all of its inputs are there", () => {
    const tracker = createStepTracker([step("a"), step("b"), step("c", [on("a"), on("b")])]);
    for (const key of takeAll(tracker)) {
      tracker.start(key);
      tracker.produce(key, "result");
      tracker.succeed(key);
    }
    expect(takeAll(tracker)).toEqual(["c"]);
    expect(tracker.done).toBe(false);
  });

  it("skips along a chain when an output was not made, but not for a check without a result", () => {
    const tracker = createStepTracker([
      step("a"),
      step("b", [on("a")]),
      step("c", [on("b")]),
      step("d", [on("a", true)]),
    ]);
    expect(takeAll(tracker)).toEqual(["a"]);
    tracker.start("a");
    tracker.succeed("a");
    expect(tracker.takePassed()).toMatchObject([
      { kind: "skipped", step: { key: "b" }, missing: ["a.result"] },
      { kind: "skipped", step: { key: "c" }, missing: ["b.result"] },
    ]);
    expect(tracker.takePassed()).toEqual([]);
    expect(takeAll(tracker)).toEqual(["d"]);
  });

  it("abandons everything downstream of a failure", () => {
    const tracker = createStepTracker([step("a"), step("b", [on("a")]), step("c", [on("b")]), step("x")]);
    tracker.start("a");
    tracker.produce("a", "result");
    tracker.fail("a");
    expect(tracker.takePassed()).toMatchObject([
      { kind: "abandoned", step: { key: "b" }, failed: ["a"], abandoned: [] },
      { kind: "abandoned", step: { key: "c" }, failed: [], abandoned: ["b"] },
    ]);
    expect(tracker.done).toBe(false);
    tracker.start("x");
    tracker.succeed("x");
    expect(tracker.done).toBe(true);
  });

  it("does not wait for steps that an earlier run did", () => {
    const tracker = createStepTracker([step("b", [on("a")])]);
    expect(takeAll(tracker)).toEqual(["b"]);
  });

  it("allows only the transitions of its table", () => {
    const tracker = createStepTracker([step("a")]);
    expect(() => tracker.succeed("a")).toThrow("step a cannot go from ready to succeeded");
    tracker.start("a");
    tracker.wait("a");
    expect(tracker.done).toBe(false);
    tracker.resume("a");
    tracker.start("a");
    tracker.fail("a");
    const settled = Object.entries(STEP_TRANSITIONS).filter(([, next]) => next.length === 0);
    expect(settled.map(([state]) => state as StepState)).toEqual([
      "succeeded",
      "failed",
      "skipped",
      "abandoned",
    ]);
  });

  it("stays linear for long chains and wide fans", () => {
    const work = (size: number): number => {
      const begun = performance.now();
      const chain = Array.from({ length: size }, (_, i) => step(`s${i}`, i === 0 ? [] : [on(`s${i - 1}`)]));
      const tracker = createStepTracker(chain);
      tracker.start("s0");
      tracker.fail("s0");
      expect(tracker.takePassed()).toHaveLength(size - 1);
      const wide = createStepTracker([
        step("root"),
        ...Array.from({ length: size }, (_, i) => step(`f${i}`, [on("root")])),
      ]);
      wide.start("root");
      wide.produce("root", "result");
      wide.succeed("root");
      expect(takeAll(wide)).toHaveLength(size + 1);
      return performance.now() - begun;
    };
    work(2_000);
    // Ten times the steps; a quadratic part would take a hundred times as long.
    expect(work(30_000) / work(3_000)).toBeLessThan(40);
  });
});
