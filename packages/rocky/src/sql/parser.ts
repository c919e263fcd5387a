import { accept } from "./accept.ts";
import type { Analysis } from "./facts.ts";
import { analyzeFully, loadFullParser } from "./full-parser.ts";
import { analyzeQuickly } from "./quick/index.ts";

/** Reads queries; the rest of the engine knows no other way to look into SQL. Answers in the order asked. */
export type AnalyzeSql = (queries: readonly string[]) => Promise<readonly Analysis[]>;

/** The quick parser reads what it can; only for the others is the full one loaded. */
export const analyzeSql: AnalyzeSql = async (queries) => {
  const quick = queries.map((sql) => {
    const facts = analyzeQuickly(sql);
    return facts === undefined ? undefined : accept(facts);
  });
  if (quick.includes(undefined)) await loadFullParser();
  return quick.map((found, index) => found ?? analyzeFully(queries[index] ?? ""));
};
