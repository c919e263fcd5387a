import {
  asObject,
  float,
  isRecord,
  type Json,
  readNumber,
  readObject,
  readText,
  type WireObject,
  wire,
} from "../wire/index.ts";

/** Which version of one component's state was used. */
export interface KeyStateInfo {
  readonly version: string;
  /** Epoch seconds. */
  readonly createTimestamp: number;
}

/** State key to its version; null when the component was asked for but has no state yet. */
export type DefsStateInfo = Readonly<Record<string, KeyStateInfo | null>>;

/** The host derives the management type from these two texts; anything else is a stored version. */
export const LOCAL_VERSION = "__local__";
export const CODE_SERVER_VERSION = "__code_server__";

export const isStoredVersion = (version: string): boolean =>
  version !== LOCAL_VERSION && version !== CODE_SERVER_VERSION;

const keyInfoWire = (info: KeyStateInfo): WireObject =>
  wire("DefsKeyStateInfo", { version: info.version, create_timestamp: float(info.createTimestamp) });

export const stateInfoWire = (info: DefsStateInfo): WireObject =>
  wire("DefsStateInfo", {
    info_mapping: Object.fromEntries(
      Object.entries(info).map(([key, value]) => [key, value === null ? null : keyInfoWire(value)]),
    ),
  });

const readKeyInfo = (value: Json): KeyStateInfo | null => {
  if (value === null) return null;
  const record = asObject(value, "DefsKeyStateInfo");
  return {
    version: readText(record.version) ?? "",
    createTimestamp: readNumber(record.create_timestamp) ?? 0,
  };
};

const readMapping = (mapping: Json | undefined): DefsStateInfo =>
  isRecord(mapping)
    ? Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, readKeyInfo(value)]))
    : {};

/** Reads a serialised `DefsStateInfo`. */
export const readStateInfo = (text: string): DefsStateInfo =>
  readMapping(readObject(text, "DefsStateInfo").info_mapping);

/** The same from a value inside a larger payload; null and absent mean that nothing is pinned. */
export const stateInfoFrom = (value: Json | undefined): DefsStateInfo | undefined =>
  value === null || value === undefined
    ? undefined
    : readMapping(asObject(value, "DefsStateInfo").info_mapping);

/** Equal versions: the time stamps are only for display. */
export const sameVersions = (a: DefsStateInfo | undefined, b: DefsStateInfo | undefined): boolean => {
  const left = Object.entries(a ?? {});
  const right = b ?? {};
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, info]) => key in right && right[key]?.version === info?.version)
  );
};
