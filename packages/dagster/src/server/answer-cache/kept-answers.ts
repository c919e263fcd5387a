import type { LocationAnswer } from "../code-location.ts";
import type { Spool } from "../spool.ts";
import { type AnswerStore, BASE_ANSWER, type ManifestDraft } from "./answer-store.ts";

interface HeldAnswer {
  readonly answer: Promise<LocationAnswer>;
  readonly spool: Spool;
}

/** Answers of one load: read while they are written, and from the store once they lie there. */
export class KeptAnswers {
  readonly #store: AnswerStore;
  readonly #generation: string;
  readonly #held = new Map<string, HeldAnswer>();
  #writing: Promise<void> = Promise.resolve();
  /** The manifest as long as it does not lie on disk. */
  #draft: ManifestDraft | undefined;

  /** Without a draft the manifest lies on disk already, from an earlier start. */
  constructor(store: AnswerStore, generation: string, draft?: ManifestDraft) {
    this.#store = store;
    this.#generation = generation;
    this.#draft = draft;
  }

  /** Resolves when nothing is being written any more. */
  get settled(): Promise<void> {
    return this.#writing;
  }

  async get(name: string, ask: (spool: Spool) => Promise<LocationAnswer>): Promise<LocationAnswer> {
    const held = this.#held.get(name);
    if (held !== undefined) return held.answer;
    const chunks = this.#draft === undefined ? await this.#store.pieces(this.#generation, name) : undefined;
    if (chunks !== undefined) return { isError: false, chunks };
    // Another caller may have asked while the disk was.
    const meanwhile = this.#held.get(name);
    if (meanwhile !== undefined) return meanwhile.answer;
    const spool = this.#store.spool(this.#generation, name);
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
    const draft = this.#draft;
    if (!spool.isOnDisk || (name !== BASE_ANSWER && draft !== undefined)) return;
    const names = draft === undefined ? [name] : [...this.#held.keys()];
    const moved: string[] = [];
    for (const each of names) {
      const held = this.#held.get(each);
      if (held === undefined || !held.spool.isOnDisk) continue;
      await this.#store.keep(this.#generation, each, held.spool);
      moved.push(each);
    }
    if (draft !== undefined) await this.#store.publish(draft);
    this.#draft = undefined;
    for (const each of moved) this.#drop(each);
  }

  #drop(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    held.spool.discard();
  }
}
