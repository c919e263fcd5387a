import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const text = readFileSync(new URL("../DIFFERENCES.md", import.meta.url), "utf8");
/** Lines of tables, without heads and rules. */
const lines = text.split("\n").filter((line) => /^\| (?!here)/.test(line) && !/^\|-/.test(line));

describe("DIFFERENCES.md", () => {
  it("names for each line a test that exists", () => {
    expect(lines.length).toBeGreaterThan(40);
    const wrong = lines.flatMap((line) => {
      const cell = line.split("|").at(-2) ?? "";
      const [, file = "", name = ""] = /`([^`]+)`(?: "([^"]+)")?/.exec(cell) ?? [];
      if (file === "") return [`no test: ${line}`];
      const path = new URL(file, import.meta.url);
      if (!existsSync(path)) return [`no file ${file}`];
      return readFileSync(path, "utf8").includes(name) ? [] : [`no test "${name}" in ${file}`];
    });
    expect(wrong).toEqual([]);
  });
});
