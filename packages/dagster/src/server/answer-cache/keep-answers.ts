import { randomUUID } from "node:crypto";
import type { CodeLocation, LocationAnswer, LocationRequest } from "../code-location.ts";
import { type AnswerStore, answerName, BASE_ANSWER, createManifest } from "./answer-store.ts";

/**
 * Writes the answers that hosts ask a location for beside its state, for the next start. Nobody waits for it, and a
 * folder that cannot be written only means that the next start loads again.
 */
export const keepAnswers = (location: CodeLocation, store: AnswerStore, program: string): CodeLocation => {
  const { inputs } = location.summary;
  if (inputs === undefined) return location;
  const manifest = createManifest(program, inputs, location.summary, randomUUID());
  const seen = new Set<string>();
  const early = new Map<string, LocationAnswer>();
  let isPublished = false;
  let writing: Promise<void> = Promise.resolve();
  const write = async (name: string, answer: LocationAnswer): Promise<void> => {
    await store.write(manifest, name, answer.chunks);
    if (name !== BASE_ANSWER) return;
    for (const [other, earlier] of early) await store.write(manifest, other, earlier.chunks);
    early.clear();
    await store.publish(manifest);
    isPublished = true;
  };
  const keep = (request: LocationRequest, answer: LocationAnswer): void => {
    const name = answerName(request);
    if (name === undefined || answer.isError || seen.has(name)) return;
    seen.add(name);
    writing = writing
      .then(() => {
        // Nothing is worth keeping without the repository itself, which later starts are compared by.
        if (name === BASE_ANSWER || isPublished) return write(name, answer);
        early.set(name, answer);
        return undefined;
      })
      .catch(() => undefined);
  };
  return {
    summary: location.summary,
    ...(location.gone === undefined ? {} : { gone: location.gone }),
    async ask(request) {
      const answer = await location.ask(request);
      keep(request, answer);
      return answer;
    },
    async close() {
      await writing;
      await location.close();
    },
  };
};
