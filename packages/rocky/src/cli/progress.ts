import type { EngineEvent } from "../commands/invocation.ts";
import type { Paint } from "./paint.ts";

/** Where the view is drawn: standard error, as far as it matters here. */
export interface Screen {
  readonly write: (text: string) => unknown;
  readonly columns?: number | undefined;
}

export interface Progress {
  readonly event: (event: EngineEvent) => void;
  /** Takes the status line away; nothing is drawn afterwards. */
  readonly close: () => void;
}

const REDRAW_MS = 100;
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const CLEAR_LINE = "\r\u001b[2K";
const DEFAULT_COLUMNS = 80;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const lineOf = ({ level, message, fields }: EngineEvent, paint: Paint): string => {
  const event = text(fields?.event);
  if (level === "error" || /Failure$/.test(text(fields?.status))) return `${paint.red("✗")} ${message}`;
  if (level === "warn") return `${paint.yellow("warning:")} ${message}`;
  if (event.endsWith("_finished")) return `${paint.green("✓")} ${message}`;
  return message;
};

/**
 * A line for everything that has ended, and below them one line that moves: what is being worked on, how much is done,
 * how long it takes.
 */
export const createProgress = (screen: Screen, paint: Paint, now: () => number = Date.now): Progress => {
  const started = now();
  const running = new Set<string>();
  let done = 0;
  let failed = 0;
  let frame = 0;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (drawn) screen.write(CLEAR_LINE);
    drawn = false;
  };
  const draw = (): void => {
    if (running.size === 0) {
      clear();
      return;
    }
    const names = [...running].join(", ");
    const seconds = ((now() - started) / 1000).toFixed(1);
    const counts = `${done} done${failed === 0 ? "" : `, ${failed} failed`}, ${seconds} s`;
    const line = `${SPINNER[frame % SPINNER.length] ?? ""} ${counts} | ${names}`;
    // Zero is what a terminal without a size says.
    screen.write(`${CLEAR_LINE}${line.slice(0, (screen.columns || DEFAULT_COLUMNS) - 1)}`);
    drawn = true;
  };
  const tick = (): void => {
    frame += 1;
    draw();
  };
  const watch = (): void => {
    if (running.size === 0 || timer !== undefined) return;
    timer = setInterval(tick, REDRAW_MS);
    timer.unref();
  };
  const count = (event: string, asset: string): void => {
    if (event.endsWith("_started")) running.add(asset);
    else if (running.delete(asset)) {
      if (event.endsWith("_failed")) failed += 1;
      else done += 1;
    }
  };

  return {
    event: (event) => {
      const name = text(event.fields?.event);
      const asset = text(event.fields?.asset_key);
      if (asset !== "" && /^(?:table|model)_(?:started|finished|failed)$/.test(name)) count(name, asset);
      // What has started shows in the moving line until it ends.
      if (asset === "" || !name.endsWith("_started")) {
        clear();
        screen.write(`${lineOf(event, paint)}\n`);
      }
      watch();
      draw();
    },
    close: () => {
      clearInterval(timer);
      running.clear();
      clear();
    },
  };
};
