import type { LoadOptions } from "../components/loaded-location.ts";
import { openStateStore } from "../state/open-store.ts";
import type { LocationParameters } from "./code-location.ts";
import { log } from "./log.ts";

export interface OpenedLoadOptions {
  readonly options: LoadOptions;
  close(): Promise<void>;
}

/** What a load in this process or thread works with; the state store is opened when something asks for it. */
export const loadOptions = async (parameters: LocationParameters): Promise<OpenedLoadOptions> => {
  const store = openStateStore(parameters.instanceRef, process.env);
  const { pinned } = parameters;
  return {
    options: {
      env: process.env,
      log: { info: (message) => log("info", message), warn: (message) => log("warning", message) },
      ...(store === undefined ? {} : { store }),
      ...(pinned === undefined ? {} : { pinned }),
    },
    close: async () => store?.close(),
  };
};
