import { describe, expect, it } from "vitest";
import { RockyError } from "../errors.ts";
import { booleanFlag, choiceFlag, integerFlag, stringFlag, stringsFlag } from "./flags.ts";
import { parseArguments, parseLeadingFlags } from "./parse.ts";

const target = {
  flags: {
    filter: stringFlag("f"),
    all: booleanFlag("a"),
    parallel: integerFlag("p", { min: 1 }),
    var: stringsFlag("v"),
    output: choiceFlag("o", ["json", "table"]),
  },
  positionals: [{ name: "model", help: "a model", optional: true }],
  shorts: { o: "output" },
};

const parse = (...argv: string[]) => parseArguments(argv, target);

describe("parseArguments", () => {
  it("reads flags with separate and inline values, in any order with positionals", () => {
    expect(parse("--filter", "a=b", "orders", "--all", "-o", "table", "--parallel=3")).toEqual({
      flags: { filter: "a=b", all: true, parallel: 3, var: [], output: "table" },
      positionals: { model: "orders" },
    });
  });

  it("collects repeated flags and reads glued short values", () => {
    expect(parse("--var", "a=1", "--var=b=2", "-ojson").flags).toMatchObject({
      var: ["a=1", "b=2"],
      output: "json",
    });
  });

  it("takes everything behind -- as words", () => {
    expect(parse("--", "--all").positionals).toEqual({ model: "--all" });
  });

  it.each([
    [["--fliter", "x"], "unexpected argument '--fliter'", "filter"],
    [["--filter"], "a value is required for --filter", undefined],
    [["--filter", "--all"], "a value is required for --filter", undefined],
    [["--parallel", "many"], "'many' is not a valid value for --parallel", "whole number"],
    [["--parallel", "0"], "'0' is not a valid value for --parallel", "at least 1"],
    [["--output", "tabel"], "'tabel' is not a valid value for --output", "table"],
    [["--all=yes"], "--all takes no value", undefined],
    [["--filter", "a", "--filter", "b"], "--filter was given more than once", undefined],
    [["a", "b"], "unexpected argument 'b'", undefined],
    [["-x"], "unexpected argument '-x'", undefined],
  ])("refuses %j", (argv, message, hint) => {
    try {
      parseArguments(argv, target);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(RockyError);
      if (!(thrown instanceof RockyError)) return;
      expect(thrown.code).toBe("usage");
      expect(thrown.message).toContain(message);
      if (hint !== undefined) expect(thrown.hint).toContain(hint);
    }
  });

  it("asks for a positional that is missing", () => {
    const required = { ...target, positionals: [{ name: "event", help: "an event" }] };
    expect(() => parseArguments([], required)).toThrow("<EVENT>");
  });
});

describe("parseLeadingFlags", () => {
  it("stops at the first word", () => {
    expect(parseLeadingFlags(["--all", "run", "--filter", "x"], target)).toMatchObject({
      values: { all: true },
      rest: 1,
    });
  });
});
