/**
 * A clock reading without a time zone, as seconds since 1970-01-01 00:00 on that clock. Whole days are
 * multiples of 86,400, so wall arithmetic is plain arithmetic.
 */
export type WallSeconds = number;

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;

export interface WallFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export function wallSeconds(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): WallSeconds {
  const date = new Date(0);
  // Not Date.UTC: it reads years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  return date.getTime() / 1000;
}

export function wallFields(wall: WallSeconds): WallFields {
  const date = new Date(Math.floor(wall) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

export const startOfDay = (wall: WallSeconds): WallSeconds => wall - modulo(wall, DAY);
export const hourOf = (wall: WallSeconds): number => Math.floor(modulo(wall, DAY) / HOUR);
export const minuteOf = (wall: WallSeconds): number => Math.floor(modulo(wall, HOUR) / MINUTE);
/** 0 is Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (wall: WallSeconds): number => modulo(Math.floor(wall / DAY) + 4, 7);
export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
export const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(2000 + (isLeapYear(year) ? 0 : 1), month, 0)).getUTCDate();
