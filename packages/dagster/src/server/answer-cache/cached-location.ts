import { watchedFile } from "../../state/fingerprint.ts";
import { CHUNK_CHARACTERS } from "../../wire/stream.ts";
import type { CodeLocation, LocationAnswer, LocationRequest, LocationSummary } from "../code-location.ts";
import { type AnswerManifest, type AnswerStore, answerName, BASE_ANSWER } from "./answer-store.ts";

/** How the real load compares with the answers that were given before it. */
export type Verdict =
  | { readonly kind: "same"; readonly location: CodeLocation }
  | { readonly kind: "different"; readonly location: CodeLocation }
  | { readonly kind: "failed"; readonly error: unknown };

/** Kept answers are whole files; hosts read them in pieces of the usual size. */
const cut = (bytes: Buffer): readonly Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_CHARACTERS)
    chunks.push(bytes.subarray(at, at + CHUNK_CHARACTERS));
  return chunks;
};

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
  readonly #store: AnswerStore;
  readonly #manifest: AnswerManifest;
  readonly #open: () => Promise<CodeLocation>;
  readonly #onVerdict: (verdict: Verdict) => void;
  readonly #timer: NodeJS.Timeout;
  #opened: Promise<CodeLocation> | undefined;

  constructor(options: {
    readonly store: AnswerStore;
    readonly manifest: AnswerManifest;
    readonly open: () => Promise<CodeLocation>;
    readonly onVerdict: (verdict: Verdict) => void;
    readonly verifyAfterMs: number;
  }) {
    this.#store = options.store;
    this.#manifest = options.manifest;
    this.#open = options.open;
    this.#onVerdict = options.onVerdict;
    // The files are as they were, but a copied project has other inodes than the one that was loaded.
    const { summary } = options.manifest;
    this.summary = { ...summary, stateFiles: summary.stateFiles.map(({ path }) => watchedFile(path)) };
    this.#timer = setTimeout(() => void this.#real().catch(() => undefined), options.verifyAfterMs);
    this.#timer.unref();
  }

  async ask(request: LocationRequest): Promise<LocationAnswer> {
    const name = answerName(request);
    const kept = name === undefined ? undefined : await this.#store.read(this.#manifest, name);
    if (kept !== undefined) return { isError: false, chunks: cut(kept) };
    return (await this.#real()).ask(request);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#opened === undefined) return;
    const location = await this.#opened.catch(() => undefined);
    await location?.close();
  }

  #real(): Promise<CodeLocation> {
    clearTimeout(this.#timer);
    this.#opened ??= this.#verify();
    return this.#opened;
  }

  async #verify(): Promise<CodeLocation> {
    let location: CodeLocation;
    try {
      location = await this.#open();
    } catch (error) {
      this.#onVerdict({ kind: "failed", error });
      throw error;
    }
    void this.#compare(location).then((same) =>
      this.#onVerdict({ kind: same ? "same" : "different", location }),
    );
    return location;
  }

  async #compare(location: CodeLocation): Promise<boolean> {
    const request: LocationRequest = { kind: "repository", deferSnapshots: true };
    const kept = await this.#store.read(this.#manifest, BASE_ANSWER);
    if (kept === undefined) return false;
    try {
      return await isSame(kept, await location.ask(request));
    } catch {
      return false;
    }
  }
}
