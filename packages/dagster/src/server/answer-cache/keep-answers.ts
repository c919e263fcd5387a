import type { CodeLocation } from "../code-location.ts";
import { holdAnswers } from "../hold-answers.ts";
import { type AnswerStore, answerName, draftManifest } from "./answer-store.ts";
import { KeptAnswers } from "./kept-answers.ts";

/**
 * Writes the answers that hosts ask a location for beside its state, for the next start. Nobody waits for it, and a
 * folder that cannot be written only means that the next start loads again.
 */
export const keepAnswers = (location: CodeLocation, store: AnswerStore, program: string): CodeLocation => {
  const { inputs } = location.summary;
  if (inputs === undefined) return holdAnswers(location);
  const draft = draftManifest(program, { ...location.summary, inputs });
  const kept = new KeptAnswers(store, draft.generation, draft);
  return {
    summary: location.summary,
    ...(location.gone === undefined ? {} : { gone: location.gone }),
    ask(request) {
      const name = answerName(request);
      return name === undefined
        ? location.ask(request)
        : kept.get(name, (spool) => location.ask(request, spool));
    },
    async close() {
      await kept.settled;
      await location.close();
      kept.close();
    },
  };
};
