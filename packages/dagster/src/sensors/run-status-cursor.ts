import { JsonSyntaxError, readNumber, readObject, WireReadError, wire, writeWire } from "../wire/index.ts";

/** Written when nothing of this status has happened yet; event ids begin at 1. */
const NO_EVENT = -1;

export interface SeenEvent {
  readonly eventId: number;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** The newest event that a run-status sensor has dealt with, as its cursor; undefined when there is none. */
export const runStatusCursor = (seen: SeenEvent | undefined): string =>
  writeWire(
    wire("RunStatusSensorCursor", {
      record_id: seen?.eventId ?? NO_EVENT,
      record_timestamp: seen === undefined ? null : isoText(seen.timestamp),
    }),
  );

/** The event's id; undefined for no cursor and for texts that are none. */
export function readRunStatusCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  try {
    return readNumber(readObject(cursor, "RunStatusSensorCursor").record_id);
  } catch (error) {
    if (error instanceof WireReadError || error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** Python's `isoformat` of a moment in UTC, with microseconds when there are any. */
function isoText(epochSeconds: number): string {
  const microseconds = Math.round(epochSeconds * 1e6);
  const whole = Math.floor(microseconds / 1e6);
  const rest = microseconds - whole * 1e6;
  const seconds = new Date(whole * 1000).toISOString().slice(0, 19);
  return `${seconds}${rest === 0 ? "" : `.${String(rest).padStart(6, "0")}`}+00:00`;
}
