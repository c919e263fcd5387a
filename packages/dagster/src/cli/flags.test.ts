import { describe, expect, it } from "vitest";
import { parseFlags } from "./flags.ts";

const table = {
  flags: { port: "text", select: "list", json: "switch" },
  aliases: { "-p": "port" },
} as const;

describe("parseFlags", () => {
  it("reads values in every spelling", () => {
    const parsed = parseFlags(
      ["-p", "1", "--select=a", "x", "--select", "b,c", "--json", "--", "--port"],
      table,
    );
    expect(parsed.text("port")).toBe("1");
    expect(parsed.list("select")).toEqual(["a", "b,c"]);
    expect(parsed.has("json")).toBe(true);
    expect(parsed.positional).toEqual(["x", "--port"]);
  });

  it("refuses what it does not know, with the nearest name", () => {
    expect(() => parseFlags(["--prot", "1"], table)).toThrow(
      /unknown option --prot; did you mean "--port"\?/,
    );
    expect(() => parseFlags(["--port"], table)).toThrow(/--port needs a value/);
  });

  it("skips unknown flags of Dagster's own tools", () => {
    const parsed = parseFlags(["--new-switch", "--other", "value", "--port", "2", "--x=y"], {
      ...table,
      ignoreUnknown: true,
    });
    expect(parsed.text("port")).toBe("2");
    expect(parsed.positional).toEqual([]);
  });
});
