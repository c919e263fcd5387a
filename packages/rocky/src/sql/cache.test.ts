import { describe, expect, it } from "vitest";
import { cachedAnalysis, type TextCache } from "./cache.ts";
import { type AnalyzeSql, analyzeSql } from "./parser.ts";

const digest = (text: string): string => text.replaceAll(/\W/g, "_").padEnd(16, "x").slice(0, 16);

const memoryCache = (): TextCache & { texts: Map<string, string> } => {
  const texts = new Map<string, string>();
  return {
    texts,
    read: (name) => texts.get(name),
    append: (name, text) => void texts.set(name, (texts.get(name) ?? "") + text),
    replace: (name, text) => void texts.set(name, text),
  };
};

/** Many enough to be worth keeping. */
const QUERIES = Array.from({ length: 250 }, (_unused, index) => `SELECT c${index} FROM t`);

const counted = (): { analyze: AnalyzeSql; asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    analyze: (queries) => {
      asked.push(...queries);
      return analyzeSql(queries);
    },
  };
};

describe("cachedAnalysis", () => {
  it("parses a query once and only what changed later", async () => {
    const cache = memoryCache();
    const { analyze, asked } = counted();
    const first = await cachedAnalysis(analyze, cache, digest)(QUERIES);
    asked.length = 0;
    expect(await cachedAnalysis(analyze, cache, digest)(QUERIES)).toEqual(first);
    expect(asked).toEqual([]);
    const changed = QUERIES.with(7, "SELECT other FROM u");
    await cachedAnalysis(analyze, cache, digest)(changed);
    expect(asked).toEqual(["SELECT other FROM u"]);
    asked.length = 0;
    await cachedAnalysis(analyze, cache, digest)(changed);
    expect(asked).toEqual([]);
  });

  it("does not keep what cannot be read", async () => {
    const cache = memoryCache();
    const queries = [...QUERIES, "SELEC 1"];
    const analyses = await cachedAnalysis(analyzeSql, cache, digest)(queries);
    expect(analyses.at(-1)?.ok).toBe(false);
    const { analyze, asked } = counted();
    await cachedAnalysis(analyze, cache, digest)(queries);
    expect(asked).toEqual(["SELEC 1"]);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, text.length / 2)],
    ["of another version", (text: string) => text.replace("facts 1", "facts 0")],
    ["garbled", (text: string) => text.replaceAll('"query"', '"qu')],
    ["empty", () => ""],
  ])("survives a cache that is %s", async (_what, damage) => {
    const cache = memoryCache();
    const expected = await cachedAnalysis(analyzeSql, cache, digest)(QUERIES);
    for (const [name, text] of cache.texts) cache.texts.set(name, damage(text));
    expect(await cachedAnalysis(analyzeSql, cache, digest)(QUERIES)).toEqual(expected);
    const { analyze, asked } = counted();
    expect(await cachedAnalysis(analyze, cache, digest)(QUERIES)).toEqual(expected);
    expect(asked).toEqual([]);
  });
});
