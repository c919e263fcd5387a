import type { Analysis, QueryFacts } from "./facts.ts";
import type { AnalyzeSql } from "./parser.ts";

/** Keeps texts between processes. Losing one costs time and nothing else, so no method ever throws. */
export interface TextCache {
  readonly read: (name: string) => string | undefined;
  /** Adds to the end, creating the text when there is none. */
  readonly append: (name: string, text: string) => void;
  readonly replace: (name: string, text: string) => void;
}

/** Changes whenever the facts of a query may look different, so that older caches are not believed. */
const HEADER = "rocky sql facts 3\n";
const NAME = "sql-facts.jsonl";

/** Writing the cache pays for this many queries, or for fewer when one of them needed the full parser. */
const WORTH_KEEPING = 200;

/** A file with many lines that nobody asked for is written anew, but not because one model was looked at. */
const isStale = (lines: number, asked: number): boolean =>
  lines > MOST_LINES || (asked >= WORTH_KEEPING && lines > 4 * asked);

const MOST_LINES = 100_000;

export type Digest = (text: string) => string;

/**
 * Answers queries that were read before from the cache: one line per query, its digest and its facts. A cache that
 * is absent, cut off or garbled counts as empty.
 */
export const cachedAnalysis = (analyze: AnalyzeSql, cache: TextCache, digest: Digest): AnalyzeSql => {
  return async (queries) => {
    const kept = readLines(cache.read(NAME));
    const digests = queries.map(digest);
    const answers: (Analysis | undefined)[] = digests.map((key) => decode(kept.lines.get(key)));
    const open = queries.filter((_query, index) => answers[index] === undefined);
    if (open.length === 0) return answers.filter((answer) => answer !== undefined);
    const started = performance.now();
    const fresh = await analyze(open);
    const costly = performance.now() - started > COSTLY_MS;
    let next = 0;
    const complete = answers.map((answer) => answer ?? fresh[next++] ?? UNREAD);
    const added = encode(digests, answers, complete);
    if (added.length > 0 && (queries.length >= WORTH_KEEPING || costly)) {
      if (kept.sound && !isStale(kept.lines.size, queries.length)) cache.append(NAME, added.join(""));
      else cache.replace(NAME, HEADER + encode(digests, [], complete).join(""));
    }
    return complete;
  };
};

/** About what loading the full parser takes. */
const COSTLY_MS = 30;

const UNREAD: Analysis = Object.freeze({ ok: false, problem: { message: "was not read" } });

interface Kept {
  readonly sound: boolean;
  readonly lines: ReadonlyMap<string, string>;
}

const DIGEST_LENGTH = 16;

const readLines = (text: string | undefined): Kept => {
  if (text?.startsWith(HEADER) !== true || !text.endsWith("\n")) return { sound: false, lines: new Map() };
  const lines = new Map<string, string>();
  for (let start = HEADER.length; start < text.length; ) {
    const end = text.indexOf("\n", start);
    lines.set(text.slice(start, start + DIGEST_LENGTH), text.slice(start + DIGEST_LENGTH, end));
    start = end + 1;
  }
  return { sound: true, lines };
};

const decode = (line: string | undefined): Analysis | undefined => {
  if (line === undefined) return undefined;
  try {
    const facts: unknown = JSON.parse(line);
    return isFacts(facts) ? { ok: true, facts } : undefined;
  } catch {
    return undefined;
  }
};

/** The header vouches for the shape; this only catches a line that was cut or mixed up. */
const isFacts = (value: unknown): value is QueryFacts =>
  typeof value === "object" &&
  value !== null &&
  "query" in value &&
  "ctes" in value &&
  "references" in value &&
  "insertion" in value;

/** Lines for what could be read and was not known before, each digest once. */
const encode = (
  digests: readonly string[],
  known: readonly (Analysis | undefined)[],
  complete: readonly Analysis[],
): readonly string[] => {
  const lines = new Map<string, string>();
  complete.forEach((analysis, index) => {
    const key = digests[index];
    if (key === undefined || !analysis.ok || known[index] !== undefined) return;
    lines.set(key, `${key}${JSON.stringify(analysis.facts)}\n`);
  });
  return [...lines.values()];
};
