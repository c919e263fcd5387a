import {
  asObject,
  float,
  isRecord,
  type Json,
  readNumber,
  readText,
  type WireObject,
  wire,
  wireEnum,
} from "../wire/index.ts";

/** One leaf of the components page. */
export interface ComponentInstance {
  /** Where it is, such as `warehouse/defs.yaml`. */
  readonly key: string;
  readonly typeName: string;
  readonly defsStateKey?: string;
  readonly managementType?: "LOCAL_FILESYSTEM" | "VERSIONED_STATE_STORAGE" | "LEGACY_CODE_SERVER_SNAPSHOTS";
}

/** A version of one component's state; `createTimestamp` is epoch seconds. */
export interface DefsKeyState {
  readonly version: string;
  readonly createTimestamp: number;
}

/** Defs state key to its version; null when nothing was written yet. */
export type DefsState = Readonly<Record<string, DefsKeyState | null>>;

export const componentTree = (instances: readonly ComponentInstance[]): WireObject =>
  wire("ComponentTreeSnap", {
    leaf_instances: instances.map((instance) =>
      wire("ComponentInstanceSnap", {
        key: instance.key,
        full_type_name: instance.typeName,
        defs_state_key: instance.defsStateKey ?? null,
        defs_state_management_type:
          instance.managementType === undefined
            ? null
            : wireEnum("DefsStateManagementType", instance.managementType),
        app_managed: false,
      }),
    ),
  });

export const defsStateInfo = (state: DefsState): WireObject =>
  wire("DefsStateInfo", {
    info_mapping: Object.fromEntries(
      Object.entries(state).map(([key, info]) => [
        key,
        info === null
          ? null
          : wire("DefsKeyStateInfo", {
              version: info.version,
              create_timestamp: float(info.createTimestamp),
            }),
      ]),
    ),
  });

/** What the host echoes back about state; undefined for null. */
export function readDefsStateInfo(value: Json | undefined): DefsState | undefined {
  if (value === null || value === undefined) return undefined;
  const mapping = asObject(value, "DefsStateInfo").info_mapping;
  if (!isRecord(mapping)) return {};
  return Object.fromEntries(
    Object.entries(mapping).map(([key, info]) => [key, info === null ? null : readKeyState(info)]),
  );
}

function readKeyState(value: Json): DefsKeyState {
  const fields = asObject(value, "DefsKeyStateInfo");
  return {
    version: readText(fields.version) ?? "",
    createTimestamp: readNumber(fields.create_timestamp) ?? 0,
  };
}
