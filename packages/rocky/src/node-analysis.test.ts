import { describe, expect, it } from "vitest";
import { nodeAnalysis } from "./node-analysis.ts";

/** A list type is beyond the quick parser. */
const full = (column: string): string => `SELECT ${column}::int[] AS l FROM t`;
const chain = `SELECT a::int[]${" + 1".repeat(20_000)} AS x FROM t`;

const columnOf = async (queries: readonly string[]): Promise<readonly (string | undefined)[]> =>
  (await nodeAnalysis(queries)).map((analysis) => {
    if (!analysis.ok) return analysis.problem.message.slice(0, 23);
    const [output] = analysis.facts.query.outputs;
    return output?.kind === "column" ? output.source?.column : undefined;
  });

describe("a query that breaks the parser", () => {
  it("costs itself and no other, neither now nor later", async () => {
    const [before, after] = [full("b"), full("c")];
    expect(await columnOf([before, chain, after, chain])).toEqual(["b", DEEP, "c", DEEP]);
    expect(await columnOf([after])).toEqual(["c"]);
  });

  it("costs no other either where many are read side by side", async () => {
    const queries = Array.from({ length: 300 }, (_unused, index) =>
      index % 97 === 5 ? chain : full(`c${index}`),
    );
    expect(await columnOf(queries)).toEqual(
      queries.map((sql, index) => (sql === chain ? DEEP : `c${index}`)),
    );
  });
});

const DEEP = "it is nested too deeply";
