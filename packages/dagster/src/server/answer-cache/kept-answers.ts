import type { LocationAnswer } from "../code-location.ts";
import { type AnswerManifest, type AnswerStore, BASE_ANSWER } from "./answer-store.ts";

/** Answers of one load: in memory until they lie on disk, and for good when they cannot be written. */
export class KeptAnswers {
  readonly #store: AnswerStore;
  readonly #manifest: AnswerManifest;
  readonly #held = new Map<string, Promise<LocationAnswer>>();
  #writing: Promise<void> = Promise.resolve();
  #isPublished: boolean;

  /** `isPublished` says that the manifest lies on disk already, from an earlier start. */
  constructor(store: AnswerStore, manifest: AnswerManifest, isPublished: boolean) {
    this.#store = store;
    this.#manifest = manifest;
    this.#isPublished = isPublished;
  }

  /** Resolves when nothing is being written any more. */
  get settled(): Promise<void> {
    return this.#writing;
  }

  async get(name: string, ask: () => Promise<LocationAnswer>): Promise<LocationAnswer> {
    const held = this.#held.get(name);
    if (held !== undefined) return held;
    const chunks = this.#isPublished ? await this.#store.pieces(this.#manifest, name) : undefined;
    if (chunks !== undefined) return { isError: false, chunks };
    // Another caller may have asked while the disk was.
    const meanwhile = this.#held.get(name);
    if (meanwhile !== undefined) return meanwhile;
    const answer = ask();
    this.#held.set(name, answer);
    this.#writing = this.#writing.then(async () => this.#keep(name, await answer)).catch(() => undefined);
    answer.catch(() => this.#held.delete(name));
    return answer;
  }

  async #keep(name: string, answer: LocationAnswer): Promise<void> {
    if (answer.isError) {
      this.#held.delete(name);
      return;
    }
    // Nothing is worth keeping without the repository itself, which later starts are compared by.
    if (name !== BASE_ANSWER && !this.#isPublished) return;
    if (name !== BASE_ANSWER || this.#isPublished) return this.#write(name, answer);
    const held = [...this.#held];
    for (const [other, earlier] of held)
      await this.#store.write(this.#manifest, other, (await earlier).chunks);
    await this.#store.publish(this.#manifest);
    this.#isPublished = true;
    for (const [other] of held) this.#held.delete(other);
  }

  async #write(name: string, answer: LocationAnswer): Promise<void> {
    await this.#store.write(this.#manifest, name, answer.chunks);
    this.#held.delete(name);
  }
}
