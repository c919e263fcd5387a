import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../commands/invocation.ts";
import { PLAIN, paintFor, paintText } from "./paint.ts";
import { createProgress } from "./progress.ts";

const CLEAR_LINE = "\r\u001b[2K";

const model = (event: string, asset: string, level: EngineEvent["level"] = "info"): EngineEvent => ({
  level,
  message: `model ${asset} ${event}`,
  fields: { event: `model_${event}`, asset_key: asset },
});

const show = (columns: number, ...events: readonly EngineEvent[]): string => {
  let screen = "";
  const progress = createProgress(
    {
      columns,
      write: (text) => {
        screen += text;
      },
    },
    PLAIN,
    () => 0,
  );
  for (const event of events) progress.event(event);
  progress.close();
  return screen;
};

/** What a terminal shows in the end: a cleared line is gone. */
const left = (screen: string): string =>
  screen
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf(CLEAR_LINE) + 1).replace(CLEAR_LINE.slice(1), ""))
    .join("\n");

describe("the live view", () => {
  it("keeps a line for what has ended, and one moving line for what has not", () => {
    const screen = show(
      80,
      { level: "info", message: "run r of p started", fields: { event: "run_started", run_id: "r" } },
      model("started", "a"),
      model("started", "b"),
      model("finished", "a"),
      model("failed", "b", "error"),
      { level: "warn", message: "odd" },
    );
    expect(screen).toContain("0 done, 0.0 s | a, b");
    expect(screen).toContain("1 done, 0.0 s | b");
    expect(left(screen)).toBe("run r of p started\n✓ model a finished\n✗ model b failed\nwarning: odd\n");
  });

  it("never draws a line that the terminal would break", () => {
    const screen = show(20, model("started", "a".repeat(100)));
    expect(Math.max(...screen.split(CLEAR_LINE).map((line) => line.length))).toBe(19);
  });
});

describe("colours", () => {
  it("are for terminals whose user has not declined them", () => {
    const terminal = { isTTY: true };
    expect(paintFor(terminal, {}).red("x")).toBe("\u001b[31mx\u001b[0m");
    expect(paintFor(terminal, { NO_COLOR: "" }).red("x")).toBe("\u001b[31mx\u001b[0m");
    expect(paintFor(terminal, { NO_COLOR: "1" })).toBe(PLAIN);
    expect(paintFor(terminal, { TERM: "dumb" })).toBe(PLAIN);
    expect(paintFor({}, {})).toBe(PLAIN);
  });

  it("mark one word of a line", () => {
    const paint = paintFor({ isTTY: true }, {});
    expect(paintText("Error: no\nstatus: Success\nplain", paint)).toBe(
      "\u001b[31mError:\u001b[0m no\nstatus: \u001b[32mSuccess\u001b[0m\nplain",
    );
  });
});
