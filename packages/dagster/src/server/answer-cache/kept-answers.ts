import type { LocationAnswer } from "../code-location.ts";
import type { Spool } from "../spool.ts";
import { type AnswerManifest, type AnswerStore, BASE_ANSWER } from "./answer-store.ts";

interface HeldAnswer {
  readonly answer: Promise<LocationAnswer>;
  readonly spool: Spool;
}

/** Answers of one load: read while they are written, and from the store once they lie there. */
export class KeptAnswers {
  readonly #store: AnswerStore;
  readonly #manifest: AnswerManifest;
  readonly #held = new Map<string, HeldAnswer>();
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

  async get(name: string, ask: (spool: Spool) => Promise<LocationAnswer>): Promise<LocationAnswer> {
    const held = this.#held.get(name);
    if (held !== undefined) return held.answer;
    const chunks = this.#isPublished ? await this.#store.pieces(this.#manifest, name) : undefined;
    if (chunks !== undefined) return { isError: false, chunks };
    // Another caller may have asked while the disk was.
    const meanwhile = this.#held.get(name);
    if (meanwhile !== undefined) return meanwhile.answer;
    const spool = this.#store.spool(this.#manifest, name);
    const answer = ask(spool);
    this.#held.set(name, { answer, spool });
    this.#writing = this.#writing.then(() => this.#keep(name, answer, spool)).catch(() => undefined);
    answer.then(
      ({ isError }) => isError && this.#drop(name),
      () => this.#drop(name),
    );
    return answer;
  }

  /** Lets go of what could not be kept. */
  close(): void {
    for (const name of [...this.#held.keys()]) this.#drop(name);
  }

  async #keep(name: string, answer: Promise<LocationAnswer>, spool: Spool): Promise<void> {
    await answer;
    await spool.settled();
    // Nothing is worth keeping without the repository itself, which later starts are compared by.
    if (!spool.isOnDisk || (name !== BASE_ANSWER && !this.#isPublished)) return;
    const names = this.#isPublished ? [name] : [...this.#held.keys()];
    const moved: string[] = [];
    for (const each of names) {
      const held = this.#held.get(each);
      if (held === undefined || !held.spool.isOnDisk) continue;
      await this.#store.keep(this.#manifest, each, held.spool);
      moved.push(each);
    }
    if (!this.#isPublished) await this.#store.publish(this.#manifest);
    this.#isPublished = true;
    for (const each of moved) this.#drop(each);
  }

  #drop(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    held.spool.discard();
  }
}
