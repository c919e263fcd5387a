import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Analysis, type AnalyzeSql, analyzeHere, quickElse, TOO_DEEP } from "./sql/index.ts";

/** A thread has to load the parser; for fewer queries it takes longer than reading them here. */
const WORTH_THREADS = 200;

/** Small enough that no thread waits long for the last, large enough that messages cost little. */
const BATCH = 16;

const MOST_THREADS = 4;

/** Threads run the built module also where the sources run unbuilt, because Node 20 cannot start them otherwise. */
const threadModule = (): URL => {
  const here = new URL("./parser-thread.js", import.meta.url);
  return import.meta.url.endsWith(".ts") ? new URL(here.href.replace("/rocky/src/", "/rocky/dist/")) : here;
};

interface Batch {
  readonly from: number;
  readonly queries: readonly string[];
}

/** Reads queries in threads; one that breaks the parser costs its thread and nothing else. */
const analyzeInThreads: AnalyzeSql = async (queries) => {
  const answers: Analysis[] = [];
  const waiting: Batch[] = [];
  for (let from = 0; from < queries.length; from += BATCH)
    waiting.push({ from, queries: queries.slice(from, from + BATCH) });
  const work = async (): Promise<void> => {
    let thread: Worker | undefined;
    try {
      for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
        const { from, queries: asked } = batch;
        thread ??= new Worker(threadModule());
        const found = await ask(thread, asked);
        found.forEach((answer, index) => {
          answers[from + index] = answer;
        });
        if (found.length === asked.length) continue;
        answers[from + found.length] = TOO_DEEP;
        const read = found.length + 1;
        if (read < asked.length) waiting.push({ from: from + read, queries: asked.slice(read) });
        await thread.terminate();
        thread = undefined;
      }
    } finally {
      await thread?.terminate();
    }
  };
  const threads = Math.min(MOST_THREADS, availableParallelism(), waiting.length);
  await Promise.all(Array.from({ length: threads }, work));
  return answers;
};

const ask = async (thread: Worker, queries: readonly string[]): Promise<readonly Analysis[]> => {
  const over = new AbortController();
  const { signal } = over;
  const answered = once(thread, "message", { signal });
  const ended = once(thread, "exit", { signal }).then(([code]) => {
    throw new Error(`a parser thread ended with code ${String(code)}`);
  });
  thread.postMessage(queries);
  try {
    const [answers] = await Promise.race([answered, ended]);
    return answers;
  } finally {
    over.abort();
    ended.catch(() => {});
    answered.catch(() => {});
  }
};

/** Reads queries with all cores when there are many, and in fresh threads when the parser broke in this one. */
export const nodeAnalysis: AnalyzeSql = quickElse(async (queries) => {
  if (queries.length >= WORTH_THREADS && availableParallelism() > 1) return analyzeInThreads(queries);
  const answers = await analyzeHere(queries);
  if (answers.length === queries.length) return answers;
  return [...answers, ...(await analyzeInThreads(queries.slice(answers.length)))];
});
