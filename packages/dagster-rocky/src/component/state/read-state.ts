import { readFileSync } from "node:fs";
import {
  DecodeError,
  type Decoder,
  type JsonRecord,
  boolean,
  list,
  many,
  object,
  record,
  required,
  text,
} from "../../resource/decode.ts";
import { decodeCompile } from "../../resource/outputs/compile.ts";
import { decodeDiscover } from "../../resource/outputs/discover.ts";
import { decodeShownGraph, lineageEdge } from "../../resource/outputs/graph.ts";
import { decodeOptimize } from "../../resource/outputs/reports.ts";
import { RockyComponentError } from "../component-error.ts";
import type { RefreshFailure, RockyState, StateCall } from "./state.ts";

/**
 * Reads a state file of ours or of Python's. Missing `compile`, `optimize` and `dag` are allowed, null
 * counts as missing, unknown slots are ignored.
 */
export async function readState(path: string, stateKey: string): Promise<RockyState> {
  // At once: in pieces, a large file would be in memory twice. Its text is held by nobody while it is decoded.
  return decodeState(parseRawState(readFileSync(path, "utf8"), path, stateKey), path, stateKey);
}

function decodeState(raw: JsonRecord, path: string, stateKey: string): RockyState {
  const slot = <T>(name: string, decode: Decoder<T>): T | undefined => {
    const value = raw[name];
    if (value === undefined || value === null) return undefined;
    try {
      return decode(value);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const inside = error.under(name);
      throw corrupt(path, stateKey, inside.path, inside.reason, error);
    }
  };
  const discover = slot("discover", decodeDiscover);
  if (!discover) throw corrupt(path, stateKey, "discover", "this slot is missing");
  const dagError = slot("dag_error", record)?.message;
  return {
    discover,
    ...present("compile", slot("compile", decodeCompile)),
    ...present("upstreamReads", slot("compile", decodeUpstreamReads)),
    ...present("optimize", slot("optimize", decodeOptimize)),
    ...present("dag", slot("dag", decodeShownGraph)),
    ...(raw.dag_status === undefined ? {} : { dagStatus: statusText(raw.dag_status) }),
    ...present("dagError", typeof dagError === "string" ? dagError : undefined),
    refreshFailures: slot("refresh_failures", decodeFailures) ?? [],
  };
}

/** The file's one JSON object, as it stands. */
export function parseRawState(content: string, path: string, stateKey: string): JsonRecord {
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch (cause) {
    throw corrupt(path, stateKey, undefined, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw corrupt(path, stateKey, undefined, "it does not hold one JSON object");
  }
  return raw as JsonRecord;
}

const upstreamReads = object({
  fingerprint: required("fingerprint", text),
  columnLineage: many("column_lineage", lineageEdge),
});

/** Kept inside the compile slot, because it is worth nothing without it. */
const decodeUpstreamReads: Decoder<ReturnType<typeof upstreamReads> | undefined> = (value) => {
  const found = record(value).upstream_reads;
  return found === undefined || found === null ? undefined : upstreamReads(found);
};

const decodeFailures: Decoder<readonly RefreshFailure[]> = list(
  object({
    call: required<StateCall>("call", (value) => text(value) as StateCall),
    at: required("at", text),
    reason: required("reason", text),
    keptPrevious: required("kept_previous", boolean),
  }),
);

const statusText = (value: unknown): string | null =>
  value === null ? null : typeof value === "string" ? value : JSON.stringify(value);

const present = <K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: T });

function corrupt(path: string, stateKey: string, at: string | undefined, what: string, cause?: unknown) {
  return new RockyComponentError(
    "STATE_CORRUPT",
    `The state of ${stateKey} cannot be used: ${at === undefined ? "" : `${at}: `}${what} (file ${path}). ` +
      `Write it again with "dagster-rocky refresh"; if that fails too, delete the file first.`,
    { where: at === undefined ? path : `${path}: ${at}`, cause },
  );
}
