import { watchedFile } from "../../state/fingerprint.ts";
import type { CodeLocation, LocationAnswer, LocationRequest, LocationSummary } from "../code-location.ts";
import { type AnswerManifest, type AnswerStore, answerName, BASE_ANSWER } from "./answer-store.ts";
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

const isSame = async (kept: Buffer, { isError, chunks }: LocationAnswer): Promise<boolean> => {
  let at = 0;
  for (const chunk of chunks) {
    if (Buffer.compare(kept.subarray(at, at + chunk.length), chunk) !== 0) return false;
    at += chunk.length;
    // Comparing gigabytes must not hold up the polls of the host.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return !isError && at === kept.length;
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
    this.#kept = new KeptAnswers(options.store, options.manifest, true);
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
    const askReal = async (): Promise<LocationAnswer> => (await this.#real()).ask(request);
    const name = answerName(request);
    return name === undefined ? askReal() : this.#kept.get(name, askReal);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#kept.settled;
    const location = await this.#opened?.catch(() => undefined);
    await location?.close();
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
    try {
      const kept = await store.read(manifest, BASE_ANSWER);
      if (kept === undefined) return false;
      return await isSame(kept, await location.ask({ kind: "repository", deferSnapshots: true }));
    } catch {
      return false;
    }
  }
}
