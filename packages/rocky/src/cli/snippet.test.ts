import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RockyError } from "../errors.ts";
import { snippet } from "./snippet.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-snippet-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const show = (file: string, text: string, line: number, column?: number): string => {
  writeFileSync(join(cwd, file), text);
  const where = { file, line, ...(column === undefined ? {} : { column }) };
  return snippet(new RockyError("config_invalid", "wrong", { where }), cwd);
};

it("shows the line and marks the place", () => {
  expect(show("a.sql", "SELECT 1\nFROM FROM t\n", 2, 6)).toBe("  2 | FROM FROM t\n    |      ^\n");
  expect(show("rocky.toml", "[adapter]\r\ntyep = 3\r\n", 2, 1)).toBe("  2 | tyep = 3\n    | ^\n");
});

it("shows no value of a configuration", () => {
  const shown = show("rocky.toml", 'a = { token = "sesame", b = \'open\', c = "half } # sesame', 1, 40);
  expect(shown).toBe('  1 | a = { token = "…", b = \'…\', c = "…"\n');
});

it("shows nothing where there is nothing to show", () => {
  expect(snippet(undefined, cwd)).toBe("");
  expect(snippet(new RockyError("config_missing", "gone", { where: { file: "x", line: 1 } }), cwd)).toBe("");
  expect(show("a.sql", "SELECT 1", 9)).toBe("");
  expect(show("a.sql", "x".repeat(5000), 1, 2)).toBe("");
});
