import { strftime } from "../../definitions/calendar/strftime.ts";
import { wallFields, wallSeconds } from "../../definitions/calendar/wall-time.ts";
import { type Arguments, templateFunction } from "./arguments.ts";
import { Namespace, Opaque, Undefined } from "./values.ts";

/** A span of time, as `datetime.timedelta` makes it. */
export interface TimeSpan {
  readonly kind: "timeSpan";
  readonly seconds: number;
}

/** A date and time without zone; seconds as if it were UTC. */
export interface LocalTime {
  readonly kind: "localTime";
  readonly wall: number;
}

const isKind =
  <T extends { readonly kind: string }>(kind: T["kind"]) =>
  (value: unknown): value is T =>
    typeof value === "object" && value !== null && "kind" in value && value.kind === kind;

export const isTimeSpan = isKind<TimeSpan>("timeSpan");
export const isLocalTime = isKind<LocalTime>("localTime");

const SECONDS: Readonly<Record<string, number>> = {
  days: 86_400,
  seconds: 1,
  microseconds: 1e-6,
  milliseconds: 1e-3,
  minutes: 60,
  hours: 3_600,
  weeks: 604_800,
};

const timeDelta = templateFunction("datetime.timedelta", Object.keys(SECONDS), (args) => {
  const seconds = Object.entries(SECONDS).reduce(
    (total, [unit, size]) => total + (args.has(unit) ? args.number(unit) * size : 0),
    0,
  );
  return new Opaque({ kind: "timeSpan", seconds } satisfies TimeSpan);
});

const pad = (value: number): string => String(value).padStart(2, "0");

/** `2026-01-31` at midnight, else with the time: both are read by partitions as a start. */
export const isoText = ({ wall }: LocalTime): string => {
  const { year, month, day, hour, minute, second } = wallFields(wall);
  const date = `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
  return `${date}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
};

const localTime = (wall: number): Opaque =>
  new Opaque({ kind: "localTime", wall } satisfies LocalTime, {
    isoformat: templateFunction("isoformat", [], () => isoText({ kind: "localTime", wall })),
    strftime: templateFunction("strftime", ["format"], (args) => strftime(args.text("format"), wall, 0)),
  });

const PARTS = ["year", "month", "day", "hour", "minute", "second"];

const create = (args: Arguments): Opaque => {
  const part = (name: string): number => (args.has(name) ? args.number(name) : 0);
  return localTime(
    wallSeconds(
      args.number("year"),
      args.number("month"),
      args.number("day"),
      part("hour"),
      part("minute"),
      part("second"),
    ),
  );
};

const dateTime = new Namespace(
  "datetime.datetime",
  (name) => {
    if (name === "now" || name === "utcnow") {
      return templateFunction(name, [], () => localTime(Math.floor(Date.now() / 1000)));
    }
    return new Undefined(`datetime.datetime has no "${name}"; available: now`);
  },
  templateFunction("datetime.datetime", PARTS, create),
);

/** `datetime.timedelta(…)` and `datetime.datetime(…)`. */
export const datetimeNamespace = new Namespace("datetime", (name) => {
  if (name === "timedelta") return timeDelta;
  if (name === "datetime") return dateTime;
  return new Undefined(`datetime has no "${name}"; available: datetime, timedelta`);
});
