import type { QueryFacts } from "../facts.ts";
import { Cursor, NotQuick } from "./cursor.ts";
import { readQuery } from "./query.ts";
import { tokenize } from "./tokens.ts";

/**
 * Reads common queries about ten times as fast as the full parser and without loading it. Undefined means no
 * opinion: the query may be unusual or wrong. What it does answer is exactly what the full parser would.
 */
export const analyzeQuickly = (sql: string): QueryFacts | undefined => {
  const tokens = tokenize(sql);
  if (tokens === undefined) return undefined;
  try {
    return readQuery(new Cursor(sql, tokens));
  } catch (thrown) {
    if (thrown instanceof NotQuick) return undefined;
    throw thrown;
  }
};
