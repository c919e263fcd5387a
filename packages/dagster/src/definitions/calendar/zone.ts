import { DefinitionsError } from "../errors.ts";
import { DAY, type WallSeconds, wallFields, wallSeconds } from "./wall-time.ts";

/** A moment with the clock reading that names it; `fold` 1 is the second of two equal readings. */
export interface ZonedTime {
  readonly wall: WallSeconds;
  readonly fold: 0 | 1;
  /** Epoch seconds. */
  readonly instant: number;
}

/** Rules of one IANA time zone. Offsets are seconds east of UTC. */
export interface Zone {
  readonly name: string;
  offsetAt(instant: number): number;
  /** The reading of the zone's clock at a moment. */
  at(instant: number): ZonedTime;
  /** The moment of a reading. In a gap, `fold` 0 counts on from before it, 1 back from after it. */
  of(wall: WallSeconds, fold: 0 | 1): ZonedTime;
  exists(wall: WallSeconds): boolean;
  isAmbiguous(wall: WallSeconds): boolean;
  /** How far the clock is ahead because of daylight saving, for a reading just after a gap. */
  daylightSaving(wall: WallSeconds): number;
}

const zones = new Map<string, Zone>();

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Throws `DefinitionsError` for a name that is no time zone. */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = name.toUpperCase() === "UTC" ? fixedZone(name) : ruledZone(name);
  zones.set(name, zone);
  return zone;
}

const fixedZone = (name: string): Zone => ({
  name,
  offsetAt: () => 0,
  at: (instant) => ({ wall: instant, fold: 0, instant }),
  of: (wall, fold) => ({ wall, fold, instant: wall }),
  exists: () => true,
  isAmbiguous: () => false,
  daylightSaving: () => 0,
});

/** Morocco's clock has been an hour ahead for good since then, and falls back for Ramadan only. */
const MOROCCO_AHEAD = wallSeconds(2018, 10, 28);

/** Where, and since which reading, winter time counts as a negative saving, so that summer has none. */
const NEGATIVE_SAVING_SINCE: ReadonlyMap<string, WallSeconds> = new Map([
  ["Europe/Dublin", Number.NEGATIVE_INFINITY],
  ["Eire", Number.NEGATIVE_INFINITY],
  ["Africa/Casablanca", MOROCCO_AHEAD],
  ["Africa/El_Aaiun", MOROCCO_AHEAD],
]);

function ruledZone(name: string): Zone {
  const offsetAt = offsets(name);
  const around = (wall: WallSeconds): readonly [before: number, after: number] => [
    offsetAt(wall - DAY),
    offsetAt(wall + DAY),
  ];
  const fits = (wall: WallSeconds, offset: number): boolean => offsetAt(wall - offset) === offset;
  const of = (wall: WallSeconds, fold: 0 | 1): ZonedTime => {
    const [before, after] = around(wall);
    if (before === after) return { wall, fold, instant: wall - before };
    const early = fits(wall, before);
    const late = fits(wall, after);
    const offset = early === late ? (fold === 0 ? before : after) : early ? before : after;
    return { wall, fold, instant: wall - offset };
  };
  const both = (wall: WallSeconds, expected: boolean): boolean => {
    const [before, after] = around(wall);
    return before !== after && fits(wall, before) === expected && fits(wall, after) === expected;
  };
  return {
    name,
    offsetAt,
    at: (instant) => {
      const wall = instant + offsetAt(instant);
      const isSecond = both(wall, true) && of(wall, 1).instant === instant;
      return { wall, fold: isSecond ? 1 : 0, instant };
    },
    of,
    exists: (wall) => !both(wall, false),
    isAmbiguous: (wall) => both(wall, true),
    daylightSaving: (wall) => {
      if (wall >= (NEGATIVE_SAVING_SINCE.get(name) ?? Number.POSITIVE_INFINITY)) return 0;
      const [before, after] = around(wall);
      return Math.max(0, after - before);
    },
  };
}

interface Segment {
  readonly from: number;
  readonly offset: number;
}

const SAMPLE = 7 * DAY;

/** Offsets by year; a year is sampled weekly and each change is bisected to the second. */
function offsets(name: string): (instant: number) => number {
  const ask = intlOffset(name);
  const years = new Map<number, readonly Segment[]>();
  const segmentsOf = (year: number): readonly Segment[] => {
    const known = years.get(year);
    if (known !== undefined) return known;
    const from = wallSeconds(year, 1, 1);
    const until = wallSeconds(year + 1, 1, 1);
    const segments: Segment[] = [{ from, offset: ask(from) }];
    let last = segments[0]?.offset ?? 0;
    for (let at = from; at < until; at += SAMPLE) {
      const end = Math.min(at + SAMPLE, until - 1);
      const offset = ask(end);
      if (offset === last) continue;
      const change = bisect(at, end, last, ask);
      segments.push({ from: change, offset: ask(change) });
      last = offset;
    }
    years.set(year, segments);
    return segments;
  };
  return (instant) => {
    const segments = segmentsOf(wallFields(instant).year);
    for (let i = segments.length - 1; i > 0; i--) {
      const segment = segments[i];
      if (segment !== undefined && instant >= segment.from) return segment.offset;
    }
    return segments[0]?.offset ?? 0;
  };
}

function bisect(low: number, high: number, offset: number, ask: (instant: number) => number): number {
  let before = low;
  let after = high;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (ask(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

function intlOffset(name: string): (instant: number) => number {
  if (!isTimeZone(name))
    throw new DefinitionsError(`\`${name}\` is not a time zone; use a name such as \`Europe/Paris\``);
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const parts = new Map(
      format.formatToParts(instant * 1000).map((part) => [part.type, part.value] as const),
    );
    const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get("era") === "BC" ? 1 - read("year") : read("year");
    return (
      wallSeconds(year, read("month"), read("day"), read("hour"), read("minute"), read("second")) - instant
    );
  };
}
