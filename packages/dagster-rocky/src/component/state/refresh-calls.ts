import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { RockyError } from "../../resource/errors.ts";
import type { RockyResource } from "../../resource/rocky-resource.ts";
import { reasonOf } from "../component-error.ts";
import { discoverAll } from "./discover-all.ts";
import { lineageOfProject } from "./lineage-call.ts";
import { compileSlot, dagSlot, optimizeSlot } from "./slots.ts";
import type { StateCall } from "./state.ts";
import type { WriteStateInput } from "./write-state.ts";

/** The part of the engine that a refresh needs. */
export type StateEngine = Pick<RockyResource, "payload">;

export type CallOutcome =
  | { readonly kind: "answered"; readonly slot: unknown }
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly isSchemaMismatch: boolean;
      readonly cause: unknown;
    };

/** Makes the calls that the options ask for side by side; none waits for another but lineage for compile. */
export async function refreshCalls(
  input: WriteStateInput,
  previous: Readonly<Record<string, unknown>>,
): Promise<ReadonlyMap<StateCall, CallOutcome>> {
  const { options, engine, signal } = input;
  const withSignal = signal ? { signal } : {};
  const hasModels = await isFolder(resolve(input.projectRoot, options.modelsDir));
  const calls = new Map<StateCall, Promise<CallOutcome>>();
  const start = (call: StateCall, work: () => Promise<unknown>) => {
    const outcome = answer(call, work, input);
    calls.set(call, outcome);
    return outcome;
  };

  start("discover", () => discoverAll(input));
  if (hasModels) {
    const compile = start("compile", async () =>
      compileSlot(await engine.payload("compile", {}, withSignal)),
    );
    if (options.surfaceOptimizeMetadata) {
      start("optimize", async () => optimizeSlot(await engine.payload("optimize", {}, withSignal)));
    }
    if (options.surfaceColumnLineage && !options.dagMode) {
      const compiled = await compile;
      if (compiled.kind === "answered") {
        start("lineage", () => lineageOfProject(input, compiled.slot, previous.compile));
      }
    }
  }
  if (options.dagMode) {
    start("dag", async () => dagSlot(await engine.payload("dag", { columnLineage: true }, withSignal)));
  }
  const settled = [...calls].map(async ([call, outcome]) => [call, await outcome] as const);
  return new Map(await Promise.all(settled));
}

async function answer(
  call: StateCall,
  work: () => Promise<unknown>,
  { log }: WriteStateInput,
): Promise<CallOutcome> {
  try {
    return { kind: "answered", slot: await work() };
  } catch (cause) {
    const reason = reasonOf(cause);
    log.warn(`Refresh: "${call}" failed: ${reason}`);
    const isSchemaMismatch = cause instanceof RockyError && "validation_error" in cause.details;
    return { kind: "failed", reason, isSchemaMismatch, cause };
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
