const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** Rounds half to even, as Python does when it turns epoch seconds into a datetime. */
function microseconds(fraction: number): number {
  const scaled = fraction * 1e6;
  const low = Math.floor(scaled);
  const rest = scaled - low;
  if (rest !== 0.5) return Math.round(scaled);
  return low % 2 === 0 ? low : low + 1;
}

/** Epoch seconds as the naive UTC text of Dagster's columns: `2026-11-20 21:40:53.891746`. */
export function timestampText(epochSeconds: number): string {
  const whole = Math.floor(epochSeconds);
  const micros = microseconds(epochSeconds - whole);
  const date = new Date((whole + Math.floor(micros / 1e6)) * 1000);
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
  return `${day} ${time}.${pad(micros % 1_000_000, 6)}`;
}

/** Reads such a text back to epoch seconds. */
export function epochSeconds(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?/.exec(text);
  if (match === null) return Number.NaN;
  return Date.parse(`${match[1]}T${match[2]}Z`) / 1000 + Number(`0${match[3] ?? ""}`);
}

/** A clock in epoch seconds that never gives the same microsecond twice, so that events keep their order. */
export function createClock(now: () => number = Date.now): () => number {
  let last = 0;
  return () => {
    last = Math.max(now() * 1000, last + 1);
    return last / 1e6;
  };
}
