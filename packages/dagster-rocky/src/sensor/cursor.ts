/** When each source was last seen to have synced, by source id; ISO timestamps. */
export type SyncCursor = Readonly<Record<string, string>>;

/** A cursor that is no JSON object is an old or foreign one: everything counts as unseen. */
export function readCursor(text: string | undefined): SyncCursor {
  if (text === undefined || text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}

export const writeCursor = (cursor: SyncCursor): string => JSON.stringify(cursor);

/** One spelling for UTC, so that a run key does not change with the engine's. */
export const syncTime = (timestamp: string): string => timestamp.replace(/Z$/, "+00:00");

/** True when `next` is later than `seen`, or nothing was seen. A timestamp without a zone is UTC. */
export function isNewer(next: string, seen: string | undefined): boolean {
  if (seen === undefined) return true;
  const known = instant(seen);
  return Number.isNaN(known) || instant(next) > known;
}

export const instant = (timestamp: string): number =>
  Date.parse(/([zZ]|[+-]\d\d:?\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`);
