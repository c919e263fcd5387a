import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const text = readFileSync(new URL("../DIFFERENCES.md", import.meta.url), "utf8");
/** Lines of tables, without heads and rules. */
const lines = text.split("\n").filter((line) => /^\| (?!here)/.test(line) && !/^\|-/.test(line));

interface Listed {
  readonly line: string;
  readonly file: string;
  readonly test: string;
}

const listed: readonly Listed[] = lines.map((line) => {
  // A bar inside of code marks is no border.
  const cell =
    line
      .replaceAll(/`[^`]*`/g, (code) => code.replaceAll("|", "/"))
      .split("|")
      .at(-2) ?? "";
  const [, file = "", test = ""] = /`([^`]+)` "(.+)"/.exec(cell.trim()) ?? [];
  return { line, file, test };
});

/** Whether the file has a test, or a case of one, that is called so. */
const holds = (source: string, test: string): boolean => {
  const name = JSON.stringify(test).slice(1, -1);
  const calls = [`"${name}"`, `"${test}"`, `'${test}'`].flatMap((quoted) => [
    `test(${quoted}`,
    `it(${quoted}`,
    `)(${quoted}`,
    `  [${quoted}`,
  ]);
  return calls.some((call) => source.replaceAll(/\(\s+/g, "(").includes(call));
};

describe("DIFFERENCES.md", () => {
  it("names for each line a test that exists", () => {
    expect(lines.length).toBeGreaterThan(70);
    const wrong = listed.flatMap(({ line, file, test }) => {
      if (test === "") return [`no test: ${line}`];
      if (!file.endsWith(".test.ts")) return [`no file of tests: ${file}`];
      const path = new URL(file, import.meta.url);
      if (!existsSync(path)) return [`no file ${file}`];
      return holds(readFileSync(path, "utf8"), test) ? [] : [`no test "${test}" in ${file}`];
    });
    expect(wrong).toEqual([]);
  });

  it("says each thing once, with what is here and what is there", () => {
    const cells = lines.map((line) =>
      line
        .replaceAll(/`[^`]*`/g, "`")
        .split("|")
        .slice(1, -1),
    );
    expect(cells.filter((row) => row.length !== 3 || row.some((cell) => cell.trim() === ""))).toEqual([]);
    expect(new Set(lines.map((line) => line.split("|")[1])).size).toBe(lines.length);
  });
});
