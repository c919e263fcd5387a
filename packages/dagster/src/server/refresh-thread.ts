import { parentPort, workerData } from "node:worker_threads";
import { refreshLocation } from "../components/refresh-location.ts";
import { stateInfoWire } from "../state/state-info.ts";
import { errorInfo, writeWire } from "../wire/index.ts";
import type { LocationParameters } from "./code-location.ts";
import { loadOptions } from "./load-options.ts";

/** Input of a refresh thread. */
export interface RefreshData {
  readonly parameters: LocationParameters;
  readonly keys: readonly string[];
}

export type RefreshResult =
  | { readonly kind: "refreshed"; readonly stateInfo: string }
  | { readonly kind: "failed"; readonly message: string; readonly payload: string };

const run = async (): Promise<RefreshResult> => {
  const { parameters, keys } = workerData as RefreshData;
  try {
    const { options, close } = await loadOptions(parameters);
    try {
      const info = await refreshLocation(parameters, options, keys);
      return { kind: "refreshed", stateInfo: writeWire(stateInfoWire(info)) };
    } finally {
      await close();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", message, payload: writeWire(errorInfo(error)) };
  }
};

parentPort?.postMessage(await run());
