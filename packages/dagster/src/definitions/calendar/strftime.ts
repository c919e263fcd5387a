import { DefinitionsError } from "../errors.ts";
import { isLeapYear, type WallSeconds, wallFields, wallSeconds, weekdayOf, DAY } from "./wall-time.ts";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

const pad = (value: number, width: number, fill = "0"): string => String(value).padStart(width, fill);

/** `+0530`; seconds are shown only when there are any. */
function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const text = pad(Math.floor(size / 3600), 2) + pad(Math.floor((size % 3600) / 60), 2);
  return (offset < 0 ? "-" : "+") + text + (size % 60 === 0 ? "" : pad(size % 60, 2));
}

const dayOfYear = (wall: WallSeconds): number =>
  Math.floor((wall - wallSeconds(wallFields(wall).year, 1, 1)) / DAY) + 1;

/** Weeks of the year that begin on `first` (0 Sunday, 1 Monday); days before the first one are week 0. */
const weekOfYear = (wall: WallSeconds, first: number): number =>
  Math.floor((dayOfYear(wall) + 6 - ((weekdayOf(wall) - first + 7) % 7)) / 7);

function isoWeek(wall: WallSeconds): { year: number; week: number } {
  const thursday = wall + (4 - (weekdayOf(wall) || 7)) * DAY;
  return { year: wallFields(thursday).year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

type Directive = (wall: WallSeconds, offset: number) => string;

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: (wall) => String(wallFields(wall).year),
  m: (wall) => pad(wallFields(wall).month, 2),
  d: (wall) => pad(wallFields(wall).day, 2),
  e: (wall) => pad(wallFields(wall).day, 2, " "),
  H: (wall) => pad(wallFields(wall).hour, 2),
  I: (wall) => pad(wallFields(wall).hour % 12 || 12, 2),
  p: (wall) => (wallFields(wall).hour < 12 ? "AM" : "PM"),
  M: (wall) => pad(wallFields(wall).minute, 2),
  S: (wall) => pad(wallFields(wall).second, 2),
  f: () => "000000",
  j: (wall) => pad(dayOfYear(wall), 3),
  y: (wall) => pad(wallFields(wall).year % 100, 2),
  C: (wall) => pad(Math.floor(wallFields(wall).year / 100), 2),
  b: (wall) => (MONTHS[wallFields(wall).month - 1] ?? "").slice(0, 3),
  h: (wall) => (MONTHS[wallFields(wall).month - 1] ?? "").slice(0, 3),
  B: (wall) => MONTHS[wallFields(wall).month - 1] ?? "",
  a: (wall) => (DAYS[weekdayOf(wall)] ?? "").slice(0, 3),
  A: (wall) => DAYS[weekdayOf(wall)] ?? "",
  w: (wall) => String(weekdayOf(wall)),
  u: (wall) => String(weekdayOf(wall) || 7),
  U: (wall) => pad(weekOfYear(wall, 0), 2),
  W: (wall) => pad(weekOfYear(wall, 1), 2),
  G: (wall) => String(isoWeek(wall).year),
  V: (wall) => pad(isoWeek(wall).week, 2),
  z: (_wall, offset) => offsetText(offset),
  F: (wall) => strftime("%Y-%m-%d", wall, 0),
  D: (wall) => strftime("%m/%d/%y", wall, 0),
  T: (wall) => strftime("%H:%M:%S", wall, 0),
  R: (wall) => strftime("%H:%M", wall, 0),
  s: (wall, offset) => String(wall - offset),
  "%": () => "%",
};

/** Formats a clock reading; `offset` is that of its moment. Unknown directives were refused by `checkFormat`. */
export function strftime(format: string, wall: WallSeconds, offset: number): string {
  return format.replaceAll(/%(.)/g, (whole, directive: string) => {
    const write = DIRECTIVES[directive];
    return write === undefined ? whole : write(wall, offset);
  });
}

type Reader = readonly [pattern: string, name: string];
const READERS: Readonly<Record<string, Reader>> = {
  Y: ["\\d{4}", "year"],
  m: ["1[0-2]|0?[1-9]", "month"],
  d: ["3[01]|[12]\\d|0?[1-9]| [1-9]", "day"],
  H: ["2[0-3]|[01]\\d|\\d", "hour"],
  I: ["1[0-2]|0?[1-9]", "hour12"],
  p: ["am|pm", "half"],
  M: ["[0-5]\\d|\\d", "minute"],
  S: ["[0-5]\\d|\\d", "second"],
  f: ["\\d{1,6}", "fraction"],
  j: ["36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0?[1-9]", "dayOfYear"],
  y: ["\\d\\d", "shortYear"],
  b: [MONTHS.map((name) => name.slice(0, 3)).join("|"), "monthName"],
  B: [MONTHS.join("|"), "monthName"],
  a: [DAYS.map((name) => name.slice(0, 3)).join("|"), "weekday"],
  A: [DAYS.join("|"), "weekday"],
  z: ["[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d)?|Z", "offset"],
};

/** A parsed key: a clock reading, and the offset when the format has one. */
export interface ParsedTime {
  readonly wall: WallSeconds;
  readonly offset?: number;
}

/** Refuses formats that Dagster itself could not read keys back with. */
export function checkFormat(format: string): void {
  for (const [directive] of format.matchAll(/%./g)) {
    if (directive === "%%" || READERS[directive.charAt(1)] !== undefined) continue;
    throw new DefinitionsError(
      `partition key format \`${format}\`: ${directive} cannot be read back; use ` +
        `${Object.keys(READERS)
          .map((name) => `%${name}`)
          .join(" ")}`,
    );
  }
}

const readers = new Map<string, { pattern: RegExp; names: readonly string[] }>();

function readerOf(format: string): { pattern: RegExp; names: readonly string[] } {
  const known = readers.get(format);
  if (known !== undefined) return known;
  const names: string[] = [];
  const source = format.replaceAll(/%(.)|[.*+?^${}()|[\]\\]|\s+/g, (whole, directive?: string) => {
    if (directive === undefined) return whole.trim() === "" ? "\\s+" : `\\${whole}`;
    const reader = READERS[directive];
    if (reader === undefined) return directive;
    names.push(reader[1]);
    return `(${reader[0]})`;
  });
  const made = { pattern: new RegExp(`^${source}$`, "i"), names };
  readers.set(format, made);
  return made;
}

/** Reads a text that `strftime` wrote; undefined when it does not have the format. */
export function strptime(text: string, format: string): ParsedTime | undefined {
  const { pattern, names } = readerOf(format);
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const found = new Map(names.map((name, i) => [name, match[i + 1] ?? ""]));
  const number = (name: string, fallback: number): number => {
    const value = found.get(name);
    return value === undefined ? fallback : Number(value);
  };
  const year = found.has("shortYear") ? centuryOf(number("shortYear", 0)) : number("year", 1900);
  const monthName = found.get("monthName")?.slice(0, 3).toLowerCase();
  const month =
    monthName === undefined
      ? number("month", 1)
      : MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === monthName) + 1;
  const days = number("dayOfYear", 0);
  if (days === 366 && !isLeapYear(year)) return undefined;
  const date = found.has("dayOfYear")
    ? wallSeconds(year, 1, 1) + (days - 1) * DAY
    : wallSeconds(year, month, number("day", 1));
  if (!found.has("dayOfYear") && wallFields(date).month !== month) return undefined;
  const wall = date + hourOfDay(found) * 3600 + number("minute", 0) * 60 + number("second", 0);
  const offset = found.get("offset");
  return offset === undefined ? { wall } : { wall, offset: readOffset(offset) };
}

/** POSIX: 69 to 99 are the last century. */
const centuryOf = (short: number): number => short + (short < 69 ? 2000 : 1900);

function hourOfDay(found: ReadonlyMap<string, string>): number {
  const twelve = found.get("hour12");
  if (twelve === undefined) return Number(found.get("hour") ?? 0);
  return (Number(twelve) % 12) + (found.get("half")?.toLowerCase() === "pm" ? 12 : 0);
}

function readOffset(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replaceAll(":", "");
  const size =
    Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6) || 0);
  return text.startsWith("-") ? -size : size;
}
