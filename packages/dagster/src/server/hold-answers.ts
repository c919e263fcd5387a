import { answerName } from "./answer-cache/answer-store.ts";
import type { CodeLocation, LocationAnswer } from "./code-location.ts";
import { temporarySpool, type Spool } from "./spool.ts";

/** A location whose answers hosts ask for again and again are made once, and outlive it nowhere. */
export const holdAnswers = (location: CodeLocation): CodeLocation => {
  const held = new Map<string, Promise<LocationAnswer>>();
  const spools = new Set<Spool>();
  const askOnce = (name: string, request: Parameters<CodeLocation["ask"]>[0]): Promise<LocationAnswer> => {
    const known = held.get(name);
    if (known !== undefined) return known;
    const spool = temporarySpool();
    spools.add(spool);
    const answer = location.ask(request, spool);
    held.set(name, answer);
    const forget = (): void => {
      held.delete(name);
      spools.delete(spool);
      spool.discard();
    };
    answer.then(({ isError }) => isError && forget(), forget);
    return answer;
  };
  return {
    summary: location.summary,
    ...(location.gone === undefined ? {} : { gone: location.gone }),
    ask(request) {
      const name = answerName(request);
      return name === undefined ? location.ask(request) : askOnce(name, request);
    },
    async close() {
      await location.close();
      for (const spool of spools) spool.discard();
    },
  };
};
