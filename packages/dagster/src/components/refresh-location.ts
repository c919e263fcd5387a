import { refreshState } from "../state/refresh.ts";
import { CODE_SERVER_VERSION, type DefsStateInfo } from "../state/state-info.ts";
import { didYouMean } from "../text-distance.ts";
import { createComponents, isStateBacked } from "./create-components.ts";
import type { LoadOptions, LocationSource } from "./loaded-location.ts";
import { findProjectLayout } from "./project-layout.ts";

/** Keys that no state-backed component of the location has. */
export class UnknownStateKeyError extends Error {
  override readonly name = "UnknownStateKeyError";
}

const refuseUnknown = (wanted: readonly string[], known: readonly string[]): void => {
  const unknown = wanted.filter((key) => !known.includes(key)).sort();
  const [first] = unknown;
  if (first === undefined) return;
  const available = known.length === 0 ? "the location has none" : `available: ${known.join(", ")}`;
  throw new UnknownStateKeyError(
    `no matching state-backed component for the defs state keys ${unknown.join(", ")}${didYouMean(first, known)}; ${available}`,
  );
};

/**
 * Refreshes the state of the components with these keys, all of them when none is named. Components that share
 * a key are refreshed once; the others side by side. `onProblem` hears what a refresh could not do although it ended.
 */
export const refreshLocation = async (
  source: LocationSource,
  options: LoadOptions,
  keys: readonly string[] = [],
  onProblem?: (key: string, problem: string) => void,
): Promise<DefsStateInfo> => {
  const layout = findProjectLayout(source.projectRoot);
  const created = await createComponents(source, layout, options);
  const byKey = new Map(
    created.flatMap(({ component, context }) =>
      isStateBacked(component) ? [[component.defsStateConfig.key, { component, context }] as const] : [],
    ),
  );
  refuseUnknown(keys, [...byKey.keys()]);
  const wanted = [...byKey].filter(([key]) => keys.length === 0 || keys.includes(key));
  const { store, signal } = options;
  const versions = await Promise.allSettled(
    wanted.map(async ([key, { component, context }]) => {
      if (component.defsStateConfig.managementType === "LEGACY_CODE_SERVER_SNAPSHOTS") {
        // Its state exists only inside a loading server: the load that follows fetches it.
        return [key, { version: CODE_SERVER_VERSION, createTimestamp: Date.now() / 1000 }] as const;
      }
      const defsFolder = layout.defsFolder ?? layout.root;
      const refreshed = await refreshState({
        component,
        context,
        defsFolder,
        store,
        ...(signal === undefined ? {} : { signal }),
      });
      for (const problem of refreshed.problems) onProblem?.(key, problem);
      return [key, { version: refreshed.version, createTimestamp: Date.now() / 1000 }] as const;
    }),
  );
  // All are waited for: a failed one must not leave another writing behind the caller's back.
  const failed = versions.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return Object.fromEntries(
    versions.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
  );
};
