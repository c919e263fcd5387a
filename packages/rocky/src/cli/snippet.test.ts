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
  expect(show("rocky.toml", "[adapter]\r\ntyep = 3\r\n", 2, 1)).toBe("  2 | tyep = …\n    | ^\n");
});

it("shows no value of a configuration", () => {
  expect(show("rocky.toml", "  token = sesame # open", 1, 3)).toBe("  1 |   token = …\n    |   ^\n");
  expect(show("rocky.toml", 'a = { token = "sesame" }', 1, 7)).toBe("  1 | a = …\n");
  expect(show("rocky.toml", "[adapter.x] # sesame", 1, 10)).toBe("  1 | [adapter.x]\n    |          ^\n");
  expect(show("rocky.toml", "-----BEGIN KEY-----", 1, 1)).toBe("");
});

it("shows nothing where there is nothing to show", () => {
  expect(snippet(undefined, cwd)).toBe("");
  expect(snippet(new RockyError("config_missing", "gone", { where: { file: "x", line: 1 } }), cwd)).toBe("");
  expect(show("a.sql", "SELECT 1", 9)).toBe("");
  expect(show("a.sql", "x".repeat(5000), 1, 2)).toBe("");
});
