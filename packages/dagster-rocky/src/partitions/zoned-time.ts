/** Epoch seconds of a wall-clock hour (year, month 1 to 12, day, hour) in a time zone. */
export function epochSeconds(wall: readonly [number, number, number, number], timezone: string): number {
  const [year, month, day, hour] = wall;
  const asUtc = Date.UTC(year, month - 1, day, hour);
  if (new Date(asUtc).getUTCMonth() !== month - 1 || hour > 23) {
    throw new RangeError(`${year}-${month}-${day} ${hour}:00 is not a date`);
  }
  if (timezone === "UTC") return asUtc / 1000;
  // The offset depends on the instant that is looked for; a second look settles days on which it changes.
  const guess = asUtc - offsetMs(asUtc, timezone);
  return (asUtc - offsetMs(guess, timezone)) / 1000;
}

/** Local time minus UTC, at an instant. */
function offsetMs(instant: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return (
    Date.UTC(
      value("year"),
      value("month") - 1,
      value("day"),
      value("hour"),
      value("minute"),
      value("second"),
    ) - instant
  );
}
