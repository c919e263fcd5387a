import { expect, test } from "vitest";
import { engineErrorText, parseEngineLine } from "./engine-log.ts";

test.each([
  [
    '{"level":"WARN","fields":{"message":"slow","table":"a"}}',
    { level: "warn", message: "slow", fields: { table: "a" } },
  ],
  [
    '{"level":"info","message":"done","fields":{"rows":3}}',
    { level: "info", message: "done", fields: { rows: 3 } },
  ],
  ['{"level":"TRACE","message":"x"}', { level: "debug", message: "x" }],
  ["plain words", { level: "info", message: "plain words" }],
  ["Error: no such table", { level: "error", message: "Error: no such table" }],
  ["warning: old flag", { level: "warn", message: "warning: old flag" }],
  ['{"not": "a log line"}', { level: "info", message: '{"not": "a log line"}' }],
])("line %s", (line, event) => {
  expect(parseEngineLine(line)).toEqual(event);
});

test("blank lines say nothing", () => {
  expect(parseEngineLine("  ")).toBeUndefined();
});

test.each([
  [
    '{"level":"INFO","message":"start"}\nError: cannot open\n\nCaused by:\n    lock\n\nStack backtrace:\n  0: x',
    "cannot open\n\nCaused by:\n    lock",
  ],
  ['{"level":"ERROR","message":"table failed"}\n{"level":"INFO","message":"bye"}', "table failed"],
  ["last words", "last words"],
  ["", ""],
])("the engine's own explanation in %j", (stderr, text) => {
  expect(engineErrorText(stderr)).toBe(text);
});
