import { DefinitionsError } from "../errors.ts";
import { type Cron, matchesDay, parseCron, readingsOn, repeatsEveryHour } from "./cron.ts";
import {
  DAY,
  HOUR,
  hourOf,
  isLeapYear,
  MINUTE,
  minuteOf,
  startOfDay,
  type WallSeconds,
  wallFields,
} from "./wall-time.ts";
import { type Zone, type ZonedTime, zoneNamed } from "./zone.ts";

type Direction = 1 | -1;

/** Ticks at or after `start` (epoch seconds), ascending, without end. */
export const ticksFrom = (cron: string, timezone: string, start: number): Iterable<ZonedTime> =>
  ticks(cron, zoneNamed(timezone), start, 1);

/** Ticks at or before `end`, descending, without end. */
export const ticksBefore = (cron: string, timezone: string, end: number): Iterable<ZonedTime> =>
  ticks(cron, zoneNamed(timezone), end, -1);

/** Days; the host's cron library gives up after fifty years, too. */
const LONGEST_PAUSE = 50 * 366;
const LEAP_DAY = / 29 2 \*$/;

function* ticks(text: string, zone: Zone, from: number, direction: Direction): Generator<ZonedTime, never> {
  if (LEAP_DAY.test(text)) {
    // The host counts from the day before, and only then moves on by a day in leap years.
    for (const tick of ticks(text.replace(LEAP_DAY, " 28 2 *"), zone, from, direction)) {
      if (isLeapYear(wallFields(tick.wall).year)) yield zone.of(tick.wall + DAY, 0);
    }
  }
  const cron = parseCron(text);
  const pace = paceOf(cron);
  if (pace === "hourly") yield* hourlyTicks(cron, zone, from, direction);
  const start = zone.at(from);
  const isOnBoundary = isSimpleBoundary(text, start.wall);
  if (isOnBoundary) yield start;
  const resolve = pace === "daily" ? resolveOne : resolveAny;
  let last = isOnBoundary ? from : undefined;
  let emptyDays = 0;
  for (let day = startOfDay(start.wall) - direction * DAY; ; day += direction * DAY) {
    const found = readingsOn(cron, day).flatMap((wall) => resolve(zone, cron, wall));
    emptyDays = found.length === 0 ? emptyDays + 1 : 0;
    if (emptyDays > LONGEST_PAUSE) throw new DefinitionsError(`cron \`${text}\` never fires`);
    found.sort((a, b) => direction * (a.instant - b.instant));
    for (const tick of found) {
      if (direction * (tick.instant - from) < 0) continue;
      if (last !== undefined && direction * (tick.instant - last) <= 0) continue;
      last = tick.instant;
      yield tick;
    }
  }
}

/** Dagster computes common schedules by itself and leaves the rest to a cron library; the two differ on DST days. */
function paceOf(cron: Cron): "hourly" | "daily" | "other" {
  if (cron.nthWeekdays.size > 0 || cron.months !== "*" || cron.minutes === "*") return "other";
  if (cron.lastDayOfMonth) return "other";
  const { minutes, hours, daysOfMonth, weekdays } = cron;
  if (hours === "*") return daysOfMonth === "*" && weekdays === "*" ? "hourly" : "other";
  if (minutes.length !== 1 || hours.length !== 1) return "other";
  if (daysOfMonth === "*") return "daily";
  const [day] = daysOfMonth;
  return weekdays === "*" && daysOfMonth.length === 1 && day !== undefined && day <= 28 ? "daily" : "other";
}

/** Dagster takes such a start as it is, fold included. */
function isSimpleBoundary(text: string, wall: WallSeconds): boolean {
  return text === "0 0 * * *" && wall === startOfDay(wall);
}

/** The only hours in which Dagster expects the clock to jump. */
const isJumpHour = (wall: WallSeconds): boolean => hourOf(wall) >= 1 && hourOf(wall) <= 3;

/** One tick a day: a reading in a gap moves to its end, of two equal readings the later counts. */
function resolveOne(zone: Zone, _cron: Cron, wall: WallSeconds): readonly ZonedTime[] {
  const moved = afterGap(zone, wall);
  const isSecond = isJumpHour(moved) && (zone.isAmbiguous(moved) || !zone.exists(moved));
  return [zone.of(moved, isSecond ? 1 : 0)];
}

function afterGap(zone: Zone, wall: WallSeconds): WallSeconds {
  if (!isJumpHour(wall) || zone.exists(wall)) return wall;
  return wall - (wall % HOUR) + zone.daylightSaving(wall + HOUR);
}

/** Schedules that run every hour skip gaps and run twice when an hour repeats. */
function resolveAny(zone: Zone, cron: Cron, wall: WallSeconds): readonly ZonedTime[] {
  const everyHour = repeatsEveryHour(cron);
  if (!zone.exists(wall)) return everyHour ? [] : [zone.of(afterGap(zone, wall), 0)];
  if (!zone.isAmbiguous(wall)) return [zone.of(wall, 0)];
  return everyHour ? [zone.of(wall, 0), zone.of(wall, 1)] : [zone.of(wall, 1)];
}

/** Hourly ticks go by elapsed time, so that no hour is missed or doubled. */
function* hourlyTicks(
  cron: Cron,
  zone: Zone,
  from: number,
  direction: Direction,
): Generator<ZonedTime, never> {
  const minutes = cron.minutes === "*" ? [0] : cron.minutes;
  // Of the clock where it is off by part of an hour today, else of UTC, which is cheaper to compute.
  const minuteAt = hasPartialHourOffset(zone)
    ? (instant: number): number => minuteOf(zone.at(instant).wall)
    : (instant: number): number => Math.floor(instant / MINUTE) % 60;
  let at = from;
  const isExact =
    minutes.length === 1 && zone.at(from).wall % MINUTE === 0 && minuteOf(zone.at(from).wall) === minutes[0];
  if (!isExact) at = step(minutes, minuteAt, from, direction === 1 ? -1 : 1);
  else at = from - direction * HOUR;
  for (;;) {
    at = minutes.length === 1 ? at + direction * HOUR : step(minutes, minuteAt, at, direction);
    yield zone.at(at);
  }
}

/** The nearest moment strictly after (or before) `from` whose minute is one of `minutes`. */
function step(
  minutes: readonly number[],
  minuteAt: (instant: number) => number,
  from: number,
  direction: Direction,
): number {
  const floor = Math.floor(from / MINUTE) * MINUTE;
  const edge = direction === 1 && floor < from ? floor + MINUTE : floor;
  const current = minuteAt(edge);
  const candidates = minutes.map((minute) => {
    const distance = (((direction * (minute - current)) % 60) + 60) % 60;
    const moment = edge + direction * distance * MINUTE;
    return direction * (moment - from) <= 0 ? moment + direction * HOUR : moment;
  });
  return direction === 1 ? Math.min(...candidates) : Math.max(...candidates);
}

const hasPartialHourOffset = (zone: Zone): boolean =>
  Math.abs(zone.offsetAt(Math.floor(Date.now() / 1000))) % HOUR !== 0;

/** True when a moment is a tick of the schedule. */
export function isTick(cron: string, timezone: string, instant: number): boolean {
  for (const tick of ticksFrom(cron, timezone, instant)) return tick.instant === instant;
  return false;
}

export { matchesDay };
