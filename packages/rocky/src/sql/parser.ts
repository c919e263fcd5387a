import { accept } from "./accept.ts";
import type { Analysis } from "./facts.ts";
import { analyzeFully, loadFullParser, ParserLost, TOO_DEEP } from "./full-parser.ts";
import { analyzeQuickly } from "./quick/index.ts";

/** Reads queries; the rest of the engine knows no other way to look into SQL. Answers in the order asked. */
export type AnalyzeSql = (queries: readonly string[]) => Promise<readonly Analysis[]>;

/** The quick parser reads what it can; only for the others is the full one asked. */
export const quickElse =
  (fully: AnalyzeSql): AnalyzeSql =>
  async (queries) => {
    const quick = queries.map((sql) => {
      const facts = analyzeQuickly(sql);
      return facts === undefined ? undefined : accept(facts);
    });
    const open = queries.filter((_sql, index) => quick[index] === undefined);
    const full = open.length === 0 ? [] : await fully(open);
    let next = 0;
    return quick.map((found) => found ?? full[next++] ?? UNREAD);
  };

const UNREAD: Analysis = Object.freeze({ ok: false, problem: { message: "was not read" } });

/** Answers up to the first query that breaks the parser; nothing at all when an earlier one broke it already. */
export const analyzeHere = async (queries: readonly string[]): Promise<readonly Analysis[]> => {
  await loadFullParser();
  const answers: Analysis[] = [];
  for (const sql of queries) {
    try {
      answers.push(analyzeFully(sql));
    } catch (thrown) {
      if (thrown instanceof ParserLost) return answers;
      throw thrown;
    }
  }
  return answers;
};

/** With nothing but this thread: once the parser is lost, what needs it stays unread. */
export const analyzeSql: AnalyzeSql = quickElse(async (queries) => {
  const answers = await analyzeHere(queries);
  return queries.map((_sql, index) => answers[index] ?? (index === answers.length ? TOO_DEEP : UNREAD));
});
