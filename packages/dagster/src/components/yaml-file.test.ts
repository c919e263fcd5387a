import { describe, expect, it } from "vitest";
import { ProjectFileError } from "./project-file-error.ts";
import { parseYamlFile } from "./yaml-file.ts";

const value = (text: string): unknown => parseYamlFile(text, "defs.yaml")[0]?.value;

describe("parseYamlFile", () => {
  it("reads plain scalars as PyYAML does", () => {
    // The right-hand sides are what `yaml.load(..., Loader=DagsterYamlLoader)` gives for each of them.
    expect(value("[yes, Off, TRUE, y, n, True]")).toEqual([true, false, true, "y", "n", true]);
    expect(value("[012, 0x1f, 0b11, 1_000, 1:30, -7, 08]")).toEqual([10, 31, 3, 1000, 90, -7, "08"]);
    expect(value("[1.5, 1e3, 1.0e+3, .5, -.inf, 1., 0o7]")).toEqual([
      1.5,
      "1e3",
      1000,
      0.5,
      -Infinity,
      1,
      "0o7",
    ]);
    expect(value("[2024-01-01, ~, null, '', 'yes']")).toEqual(["2024-01-01", null, null, "", "yes"]);
  });

  it("keeps integers that a double cannot hold", () => {
    expect(value("9007199254740993")).toBe(9007199254740993n);
  });

  it("merges mappings and gives several documents", () => {
    const text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n---\n---\nc: 1\n";
    expect(parseYamlFile(text, "f").map((document) => document.value)).toEqual([
      { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } },
      { c: 1 },
    ]);
  });

  it("knows where keys and values stand", () => {
    const [document] = parseYamlFile("type: x\nattributes:\n  some: [1, 2]\n", "dir/defs.yaml");
    expect(document?.atKey(["attributes", "some"])).toEqual({ file: "dir/defs.yaml", line: 3, column: 3 });
    expect(document?.at(["attributes", "some", 1])).toMatchObject({ line: 3, column: 13 });
    expect(document?.at(["attributes", "gone", "deeper"])).toMatchObject({ line: 3, column: 3 });
  });

  it("names file, line and column of a syntax error", () => {
    expect(() => parseYamlFile("a: 1\nb: [1, 2\n", "defs.yaml")).toThrow(ProjectFileError);
    expect(() => parseYamlFile("a: 1\na: 2\n", "defs.yaml")).toThrow(/^defs\.yaml:2:1: .*unique/);
  });

  it("refuses an alias bomb", () => {
    const bomb = `a: &a [${"x,".repeat(9)}x]\nb: &b [${"*a,".repeat(9)}*a]\nc: &c [${"*b,".repeat(9)}*b]\nd: [${"*c,".repeat(9)}*c]\n`;
    expect(() => parseYamlFile(bomb, "defs.yaml")).toThrow(/alias/i);
  });
});
