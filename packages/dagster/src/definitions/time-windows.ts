import { parseCron, repeatsEveryHour } from "./calendar/cron.ts";
import { strftime, strptime } from "./calendar/strftime.ts";
import { isTick, ticksBefore, ticksFrom } from "./calendar/ticks.ts";
import { type Zone, type ZonedTime, zoneNamed } from "./calendar/zone.ts";
import { DefinitionsError } from "./errors.ts";
import type { TimeWindowPartitionsDefinition } from "./partitions.ts";

/** Epoch seconds, closed at the start, open at the end. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

interface Window {
  readonly start: ZonedTime;
  readonly end: ZonedTime;
}

/** So many windows in a row can only be left out when the exclusions leave nothing. */
const MOST_EXCLUDED = 100_000;

/** Hands on what is not excluded. Throws `DefinitionsError` instead of searching without end. */
function* included(windows: Iterable<Window>, def: TimeWindowPartitionsDefinition): Generator<Window, void> {
  const isExcluded = exclusionTest(def);
  let skipped = 0;
  for (const window of windows) {
    if (!isExcluded(window.start)) {
      skipped = 0;
      yield window;
    } else if (++skipped > MOST_EXCLUDED) {
      throw new DefinitionsError(`the exclusions leave no window of \`${def.cronSchedule}\``);
    }
  }
}

/** Windows that start at or after `from`, ascending, without end. Excluded ones are left out. */
const windowsFrom = (def: TimeWindowPartitionsDefinition, from: number): Iterable<Window> =>
  included(allWindowsFrom(def, from), def);

function* allWindowsFrom(def: TimeWindowPartitionsDefinition, from: number): Generator<Window, void> {
  let start: ZonedTime | undefined;
  for (const tick of ticksFrom(def.cronSchedule, def.timezone, from)) {
    if (tick.instant < from) continue;
    if (start !== undefined) yield { start, end: tick };
    start = tick;
  }
}

/** Windows that end at or before `until`, descending, without end. */
const windowsBefore = (def: TimeWindowPartitionsDefinition, until: number): Iterable<Window> =>
  included(allWindowsBefore(def, until), def);

function* allWindowsBefore(def: TimeWindowPartitionsDefinition, until: number): Generator<Window, void> {
  let end: ZonedTime | undefined;
  for (const tick of ticksBefore(def.cronSchedule, def.timezone, until)) {
    if (tick.instant > until) continue;
    if (end !== undefined) yield { start: tick, end };
    end = tick;
  }
}

function exclusionTest(def: TimeWindowPartitionsDefinition): (start: ZonedTime) => boolean {
  const { exclusions = [], timezone } = def;
  if (exclusions.length === 0) return () => false;
  const moments = new Set(exclusions.filter((item) => typeof item === "number"));
  const crons = exclusions.filter((item) => typeof item === "string");
  return ({ instant }) => moments.has(instant) || crons.some((cron) => isTick(cron, timezone, instant));
}

const first = <T>(items: Iterable<T>): T | undefined => {
  for (const item of items) return item;
  return undefined;
};

/** The n-th item, 0 for the first; the sequences here never end. */
function nth<T>(items: Iterable<T>, n: number): T | undefined {
  let i = 0;
  for (const item of items) if (i++ === n) return item;
  return undefined;
}

function firstWindow(def: TimeWindowPartitionsDefinition, now: number): Window | undefined {
  if (def.end !== undefined && def.end <= def.start) return undefined;
  const window = first(windowsFrom(def, def.start));
  if (window === undefined) return undefined;
  const limit =
    def.endOffset === 0
      ? now
      : def.endOffset > 0
        ? nth(windowsFrom(def, now), def.endOffset)?.start.instant
        : nth(windowsBefore(def, now), -def.endOffset - 1)?.start.instant;
  return limit !== undefined && window.end.instant <= limit ? window : undefined;
}

function lastWindow(def: TimeWindowPartitionsDefinition, now: number): Window | undefined {
  const start = firstWindow(def, now);
  if (start === undefined) return undefined;
  const { end, endOffset } = def;
  if (endOffset === 0) return first(windowsBefore(def, end !== undefined && end < now ? end : now));
  const current = endOffset < 0 ? nth(windowsBefore(def, now), -endOffset) : ahead(def, now);
  if (current === undefined) return undefined;
  const last = end === undefined ? undefined : first(windowsBefore(def, end));
  if (last !== undefined && last.start.instant <= current.start.instant) return last;
  return current.start.instant < start.start.instant ? start : current;
}

function ahead(def: TimeWindowPartitionsDefinition, now: number): Window | undefined {
  const current = first(windowsBefore(def, now));
  return current === undefined ? undefined : nth(windowsFrom(def, current.end.instant), def.endOffset - 1);
}

/** Keys of all windows that are over at `now` (epoch seconds), shifted by the end offset. */
export function timeWindowKeys(def: TimeWindowPartitionsDefinition, now: number): readonly string[] {
  const last = lastWindow(def, now);
  if (last === undefined) return [];
  const write = keyWriter(def);
  const keys: string[] = [];
  for (const { start } of windowsFrom(def, def.start)) {
    keys.push(write(start));
    if (start.instant >= last.start.instant) break;
  }
  return keys;
}

/** The newest key of `timeWindowKeys`. */
export function lastTimeWindowKey(def: TimeWindowPartitionsDefinition, now: number): string | undefined {
  const last = lastWindow(def, now);
  return last && keyWriter(def)(last.start);
}

/** The window that a key names. Throws `DefinitionsError` when the key does not have the format. */
export function windowOfKey(def: TimeWindowPartitionsDefinition, key: string): TimeWindow {
  const window = first(windowsFrom(def, readKey(def, key)));
  if (window === undefined) throw new DefinitionsError(`partition \`${key}\` has no time window`);
  return { start: window.start.instant, end: window.end.instant };
}

/** Keys of the windows that start inside a span. */
export function keysInWindow(def: TimeWindowPartitionsDefinition, span: TimeWindow): readonly string[] {
  const write = keyWriter(def);
  const keys: string[] = [];
  for (const { start } of windowsFrom(def, span.start)) {
    if (start.instant >= span.end) break;
    keys.push(write(start));
  }
  return keys;
}

/** The first and the last window of the partitions that exist at `now`; undefined when there are none. */
export function existingWindows(
  def: TimeWindowPartitionsDefinition,
  now: number,
): { readonly first: TimeWindow; readonly last: TimeWindow } | undefined {
  const [earliest, latest] = [firstWindow(def, now), lastWindow(def, now)];
  return earliest && latest && { first: spanOf(earliest), last: spanOf(latest) };
}

const spanOf = ({ start, end }: Window): TimeWindow => ({ start: start.instant, end: end.instant });

/** A moment moved over so many windows: to the end of a later one, or (negative) to the start of an earlier one. */
export function shiftByWindows(def: TimeWindowPartitionsDefinition, moment: number, count: number): number {
  if (count === 0) return moment;
  const windows = count > 0 ? windowsFrom(def, moment) : windowsBefore(def, moment);
  const last = nth(windows, Math.abs(count) - 1);
  if (last === undefined) return moment;
  return count > 0 ? last.end.instant : last.start.instant;
}

/** The latest window that starts before a moment, or (`orAt`) at it. */
export function windowBegunBefore(
  def: TimeWindowPartitionsDefinition,
  moment: number,
  orAt: boolean,
): TimeWindow | undefined {
  const over = first(windowsBefore(def, moment));
  if (over === undefined) return undefined;
  const next = first(windowsFrom(def, over.end.instant));
  const begun =
    next !== undefined && (next.start.instant < moment || (orAt && next.start.instant === moment));
  return spanOf(begun ? next : over);
}

/** True when a key is one of the partitions that exist at `now`. */
export function hasTimeWindowKey(def: TimeWindowPartitionsDefinition, key: string, now: number): boolean {
  const parsed = parseKey(def, key);
  if (parsed === undefined) return false;
  const window = first(windowsFrom(def, parsed));
  const earliest = firstWindow(def, now);
  const latest = lastWindow(def, now);
  if (window === undefined || earliest === undefined || latest === undefined) return false;
  const { instant } = window.start;
  if (instant < earliest.start.instant || instant > latest.start.instant) return false;
  return keyWriter(def)(window.start) === key;
}

/** Keys between two keys, both included. Bounds are those of the definition, not of the clock. */
export function timeWindowKeysInRange(
  def: TimeWindowPartitionsDefinition,
  from: string,
  to: string,
): readonly string[] {
  const start = windowOfKey(def, from).start;
  const end = windowOfKey(def, to).end;
  if (start < def.start) {
    throw new DefinitionsError(`partition \`${from}\` is before the first partition`);
  }
  if (def.end !== undefined && end > def.end) {
    throw new DefinitionsError(`partition \`${to}\` is after the last partition`);
  }
  return keysInWindow(def, { start, end });
}

function keyWriter(def: TimeWindowPartitionsDefinition): (start: ZonedTime) => string {
  const zone = zoneNamed(def.timezone);
  const marksFolds = !def.fmt.includes("%z") && repeatsEveryHour(parseCron(def.cronSchedule));
  return (time) => {
    // The second of two equal readings gets its offset appended, so that keys stay distinct.
    const format = marksFolds && isSecondReading(zone, time) ? `${def.fmt}%z` : def.fmt;
    return strftime(format, time.wall, time.wall - time.instant);
  };
}

const isSecondReading = (zone: Zone, { wall, fold }: ZonedTime): boolean =>
  fold === 1 && zone.of(wall, 0).instant < zone.of(wall, 1).instant;

/** Epoch seconds of a key; undefined when it does not have the format. */
function parseKey(def: TimeWindowPartitionsDefinition, key: string): number | undefined {
  const parsed = strptime(key, def.fmt) ?? strptime(key, `${def.fmt}%z`);
  if (parsed === undefined) return undefined;
  if (parsed.offset !== undefined) return parsed.wall - parsed.offset;
  return zoneNamed(def.timezone).of(parsed.wall, 0).instant;
}

function readKey(def: TimeWindowPartitionsDefinition, key: string): number {
  const parsed = parseKey(def, key);
  if (parsed !== undefined) return parsed;
  throw new DefinitionsError(`partition key \`${key}\` does not have the format \`${def.fmt}\``);
}
