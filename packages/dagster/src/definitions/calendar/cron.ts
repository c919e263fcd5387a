import { DefinitionsError } from "../errors.ts";
import { daysInMonth, HOUR, MINUTE, type WallSeconds, wallFields, weekdayOf } from "./wall-time.ts";

/** One field: its values in order, or every value. */
export type CronField = "*" | readonly number[];

/** A cron string of five fields, as Dagster reads it. */
export interface Cron {
  readonly text: string;
  readonly minutes: CronField;
  readonly hours: CronField;
  readonly daysOfMonth: CronField;
  /** `L` in the day field. */
  readonly lastDayOfMonth: boolean;
  readonly months: CronField;
  /** 0 is Sunday. */
  readonly weekdays: CronField;
  /** `2#3`: weekday to the weeks of the month on which it counts; 0 stands for the last one. */
  readonly nthWeekdays: ReadonlyMap<number, ReadonlySet<number>>;
}

const ALIASES: Readonly<Record<string, string>> = {
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};
/** The five fields that a name such as `@daily` stands for; other texts as they are. */
export const aliasedCron = (cron: string): string => ALIASES[cron] ?? cron;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface FieldRules {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}
const FIELDS: readonly FieldRules[] = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: MONTHS },
  { name: "day of week", min: 0, max: 6, names: WEEKDAYS },
];

/** Throws `DefinitionsError` that names the field. */
export function parseCron(text: string): Cron {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const cron = parseFields(text);
  if (parsed.size > 1_000) parsed.clear();
  parsed.set(text, cron);
  return cron;
}
const parsed = new Map<string, Cron>();

export function isCron(text: string): boolean {
  try {
    parseCron(text);
    return true;
  } catch {
    return false;
  }
}

function parseFields(text: string): Cron {
  const parts = (ALIASES[text.toLowerCase()] ?? text.toLowerCase()).trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new DefinitionsError(`cron \`${text}\` must have five fields: minute hour day month weekday`);
  }
  const nthWeekdays = new Map<number, Set<number>>();
  let lastDayOfMonth = false;
  const fields = parts.map((part, index): CronField => {
    const rules = FIELDS[index];
    if (rules === undefined) return "*";
    const values = new Set<number>();
    for (const item of part.split(",")) {
      if (item === "*" || (item === "?" && part === "?" && (index === 2 || index === 4))) return "*";
      if (index === 2 && item === "l") lastDayOfMonth = true;
      else if (index === 4 && addNth(item, text, values, nthWeekdays)) continue;
      else for (const value of parseItem(item, rules, text)) values.add(value);
    }
    return [...values].sort((a, b) => a - b);
  });
  const [minutes = "*", hours = "*", days = "*", months = "*", weekdays = "*"] = fields;
  const allDays = isFull(days, 31) && weekdays === "*" && !lastDayOfMonth;
  const allWeekdays = isFull(weekdays, 7) && days === "*" && nthWeekdays.size === 0;
  const cron: Cron = {
    text,
    minutes: isFull(minutes, 60) ? "*" : minutes,
    hours: isFull(hours, 24) ? "*" : hours,
    daysOfMonth: allDays ? "*" : days,
    lastDayOfMonth,
    months: isFull(months, 12) ? "*" : months,
    weekdays: allWeekdays ? "*" : weekdays,
    nthWeekdays,
  };
  refuseNever(cron);
  return cron;
}

const isFull = (field: CronField, size: number): boolean => field !== "*" && field.length === size;

/** The 30th and 31st of February never come. */
function refuseNever({ text, months, daysOfMonth, weekdays }: Cron): void {
  if (months === "*" || daysOfMonth === "*" || daysOfMonth.length === 0 || weekdays !== "*") return;
  const longest = Math.max(...months.map((month) => (month === 2 ? 29 : daysInMonth(2001, month))));
  if (daysOfMonth.every((day) => day > longest)) {
    throw new DefinitionsError(`cron \`${text}\` names a day that its month never has`);
  }
}

/** `tue#2`, `2#3`, or `l5`: the last Friday. */
function addNth(item: string, text: string, values: Set<number>, nth: Map<number, Set<number>>): boolean {
  const last = /^l(\d+)$/.exec(item);
  const counted = /^(.+)#(\d+)$/.exec(item);
  const rules = FIELDS[4];
  if ((last === null && counted === null) || rules === undefined) return false;
  const week = counted === null ? 0 : Number(counted[2]);
  if (counted !== null && (week < 1 || week > 5)) {
    throw new DefinitionsError(`cron \`${text}\`: the week in \`${item}\` must be 1 to 5`);
  }
  for (const day of parseItem(last?.[1] ?? counted?.[1] ?? "", rules, text)) {
    values.add(day);
    nth.set(day, (nth.get(day) ?? new Set<number>()).add(week));
  }
  return true;
}

function parseItem(item: string, rules: FieldRules, text: string): readonly number[] {
  const fail = (why: string): never => {
    throw new DefinitionsError(`cron \`${text}\`: ${rules.name} \`${item}\` ${why}`);
  };
  const match = /^(?:\*|([^-/*]+)(?:-([^-/*]+))?)(?:\/(\d+))?$/.exec(item);
  if (match === null) return fail("is not a value, a range or a step");
  const [, lowText, highText, stepText] = match;
  const read = (value: string): number => {
    const number = /^\d+$/.test(value) ? Number(value) : nameIndex(value, rules);
    const folded = rules.max === 6 && number === 7 ? 0 : number === 0 && rules.min === 1 ? 1 : number;
    return Number.isNaN(folded) || folded < rules.min || folded > rules.max
      ? fail(`must be ${rules.min} to ${rules.max}`)
      : folded;
  };
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) return fail("has a step of 0");
  if (lowText === undefined) return range(rules.min, rules.max, step);
  const low = read(lowText);
  if (highText === undefined) return stepText === undefined ? [low] : range(low, rules.max, step);
  const high = read(highText);
  if (low === high) return range(rules.min, rules.max, step);
  return low < high ? range(low, high, step) : wrappedRange(low, high, step, rules);
}

const nameIndex = (value: string, rules: FieldRules): number => {
  const index = rules.names.indexOf(value);
  return index === -1 ? Number.NaN : index + rules.min;
};

function range(low: number, high: number, step: number): readonly number[] {
  const values: number[] = [];
  for (let value = low; value <= high; value += step) values.push(value);
  return values;
}

/** `nov-feb/2` goes over the end of the field and keeps its step. */
function wrappedRange(low: number, high: number, step: number, rules: FieldRules): readonly number[] {
  const first = range(low, rules.max, step);
  const skipped = rules.max - (first.at(-1) ?? rules.max);
  const position = (first.at(-1) ?? rules.max) - rules.min;
  const size = rules.max - rules.min + 1;
  const skip = position + step > size && skipped < step ? step - skipped : 0;
  return [...first, ...range(rules.min + skip, high, step)];
}

export const repeatsEveryHour = (cron: Cron): boolean => cron.hours === "*";

const allows = (field: CronField, value: number): boolean => field === "*" || field.includes(value);

/** True when the schedule has readings on this day. When both day fields are limited, either counts. */
export function matchesDay(cron: Cron, day: WallSeconds): boolean {
  const { year, month, day: dayOfMonth } = wallFields(day);
  if (!allows(cron.months, month)) return false;
  const weekday = weekdayOf(day);
  if (cron.nthWeekdays.size > 0) {
    const weeks = cron.nthWeekdays.get(weekday);
    const isLast = dayOfMonth + 7 > daysInMonth(year, month);
    return weeks !== undefined && (weeks.has(Math.ceil(dayOfMonth / 7)) || (isLast && weeks.has(0)));
  }
  const byDate =
    allows(cron.daysOfMonth, dayOfMonth) || (cron.lastDayOfMonth && dayOfMonth === daysInMonth(year, month));
  const byWeekday = allows(cron.weekdays, weekday);
  return cron.daysOfMonth !== "*" && cron.weekdays !== "*" ? byDate || byWeekday : byDate && byWeekday;
}

/** The schedule's readings on one day, ascending. */
export function readingsOn(cron: Cron, day: WallSeconds): readonly WallSeconds[] {
  if (!matchesDay(cron, day)) return [];
  const hours = cron.hours === "*" ? range(0, 23, 1) : cron.hours;
  const minutes = cron.minutes === "*" ? range(0, 59, 1) : cron.minutes;
  return hours.flatMap((hour) => minutes.map((minute) => day + hour * HOUR + minute * MINUTE));
}
