import { watchedFile } from "../../state/fingerprint.ts";
import type { CodeLocation, LocationAnswer, LocationRequest, LocationSummary } from "../code-location.ts";
import { type AnswerManifest, type AnswerStore, answerName, BASE_ANSWER } from "./answer-store.ts";
import { type Spool, temporarySpool } from "../spool.ts";
import { KeptAnswers } from "./kept-answers.ts";

/** How the real load compares with the answers that were given before it. */
export type Verdict =
  | { readonly kind: "same" }
  | { readonly kind: "different"; readonly location: CodeLocation }
  | { readonly kind: "failed"; readonly error: unknown };

export interface CachedLocationOptions {
  readonly store: AnswerStore;
  readonly manifest: AnswerManifest;
  readonly open: () => Promise<CodeLocation>;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly verifyAfterMs: number;
}

/** Compares piece by piece: neither answer is ever whole in memory. */
const isSame = async (kept: Iterable<Uint8Array>, given: LocationAnswer): Promise<boolean> => {
  if (given.isError) return false;
  const expected = kept[Symbol.iterator]();
  let open: Uint8Array = new Uint8Array();
  try {
    for await (let chunk of given.chunks) {
      while (chunk.length > 0) {
        if (open.length === 0) {
          const next = expected.next();
          if (next.done === true) return false;
          open = next.value;
        }
        const size = Math.min(open.length, chunk.length);
        if (Buffer.compare(open.subarray(0, size), chunk.subarray(0, size)) !== 0) return false;
        open = open.subarray(size);
        chunk = chunk.subarray(size);
      }
      // Comparing gigabytes must not hold up the polls of the host.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return open.length === 0 && expected.next().done === true;
  } finally {
    expected.return?.();
  }
};

/**
 * A location that answers from an earlier load while nothing that this looked at has changed. The definitions are
 * loaded when a request needs them, or after a while; if they then say otherwise, the owner replaces this.
 */
export class CachedLocation implements CodeLocation {
  readonly summary: LocationSummary;
  readonly gone: Promise<Error>;
  readonly #options: CachedLocationOptions;
  readonly #kept: KeptAnswers;
  readonly #timer: NodeJS.Timeout;
  #opened: Promise<CodeLocation> | undefined;
  #lost: (error: Error) => void = () => undefined;

  constructor(options: CachedLocationOptions) {
    this.#options = options;
    this.#kept = new KeptAnswers(options.store, options.manifest.generation);
    // The files are as they were, but a copied project has other inodes than the one that was loaded.
    const { summary } = options.manifest;
    this.summary = { ...summary, stateFiles: summary.stateFiles.map(({ path }) => watchedFile(path)) };
    this.gone = new Promise((resolve) => {
      this.#lost = resolve;
    });
    this.#timer = setTimeout(() => void this.#real().catch(() => undefined), options.verifyAfterMs);
    this.#timer.unref();
  }

  async ask(request: LocationRequest): Promise<LocationAnswer> {
    const askReal = async (spool?: Spool): Promise<LocationAnswer> =>
      (await this.#real()).ask(request, spool);
    const name = answerName(request);
    return name === undefined ? askReal() : this.#kept.get(name, askReal);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#kept.settled;
    const location = await this.#opened?.catch(() => undefined);
    await location?.close();
    this.#kept.close();
  }

  #real(): Promise<CodeLocation> {
    clearTimeout(this.#timer);
    this.#opened ??= this.#verify();
    return this.#opened;
  }

  async #verify(): Promise<CodeLocation> {
    const { open, onVerdict } = this.#options;
    let location: CodeLocation;
    try {
      location = await open();
    } catch (error) {
      onVerdict({ kind: "failed", error });
      throw error;
    }
    void location.gone?.then(this.#lost);
    void this.#compare(location).then((same) =>
      onVerdict(same ? { kind: "same" } : { kind: "different", location }),
    );
    return location;
  }

  async #compare(location: CodeLocation): Promise<boolean> {
    const { store, manifest } = this.#options;
    const spool = temporarySpool();
    try {
      const kept = await store.pieces(manifest.generation, BASE_ANSWER);
      if (kept === undefined) return false;
      return await isSame(kept, await location.ask({ kind: "repository", deferSnapshots: true }, spool));
    } catch {
      return false;
    } finally {
      void spool.settled().then(() => spool.discard());
    }
  }
}
