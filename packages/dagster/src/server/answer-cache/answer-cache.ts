import { AnswerStore } from "./answer-store.ts";
import { CachedLocation, type Verdict } from "./cached-location.ts";
import { keepAnswers } from "./keep-answers.ts";
import type { CodeLocation } from "../code-location.ts";

/** Answers of earlier loads of one project. */
export interface AnswerCache {
  /** A location that answers from disk, when nothing has changed since the last load. */
  find(
    open: () => Promise<CodeLocation>,
    onVerdict: (verdict: Verdict) => void,
  ): Promise<CodeLocation | undefined>;
  /** The same location, whose answers are kept for the next start. */
  keep(location: CodeLocation): CodeLocation;
}

/** Late enough not to compete with the first answers, early enough that nobody works with what no longer holds. */
const VERIFY_AFTER_MS = 3_000;

export interface AnswerCacheOptions {
  readonly folder: () => string;
  /** Anything that changes with the program and with what answers say about the server. */
  readonly program: () => string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const createAnswerCache = (options: AnswerCacheOptions): AnswerCache => {
  let store: AnswerStore | undefined;
  const opened = (): AnswerStore => {
    store ??= new AnswerStore(options.folder());
    return store;
  };
  return {
    async find(open, onVerdict) {
      const manifest = await opened().current(options.program(), options.env);
      if (manifest === undefined) return undefined;
      return new CachedLocation({
        store: opened(),
        manifest,
        open,
        onVerdict,
        verifyAfterMs: VERIFY_AFTER_MS,
      });
    },
    keep: (location) => keepAnswers(location, opened(), options.program()),
  };
};
