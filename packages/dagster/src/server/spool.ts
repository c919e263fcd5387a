import { randomUUID } from "node:crypto";
import { closeSync, openSync, read, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CHUNK_CHARACTERS } from "../wire/encode.ts";

const readAt = promisify(read);

/** How far an answer has come. */
type Growth =
  | { readonly kind: "growing" }
  | { readonly kind: "complete" }
  | { readonly kind: "broken"; readonly error: Error };

/**
 * An answer on its way: one thread writes it into a file, any number of readers follow. What cannot be written
 * (a full disk, nowhere to write) is held in memory, so that an answer never fails for it.
 */
export class Spool {
  /** The open file that is written to; undefined when none could be opened. */
  readonly file: number | undefined;
  readonly path: string | undefined;
  #onDisk = 0;
  readonly #held: Uint8Array[] = [];
  #growth: Growth = { kind: "growing" };
  #waiting: (() => void)[] = [];
  #users = 1;

  constructor(file: number | undefined, path: string | undefined) {
    this.file = file;
    this.path = path;
  }

  /** True once the whole answer lies in the file. */
  get isOnDisk(): boolean {
    return this.#growth.kind === "complete" && this.#held.length === 0 && this.file !== undefined;
  }

  /** So many more bytes lie in the file. */
  grew(bytes: number): void {
    this.#onDisk += bytes;
    this.#wake();
  }

  /** A piece that could not be written; from here on every piece comes this way. */
  hold(piece: Uint8Array): void {
    this.#held.push(piece);
    this.#wake();
  }

  finish(): void {
    this.#growth = { kind: "complete" };
    this.#wake();
  }

  fail(error: Error): void {
    this.#growth = { kind: "broken", error };
    this.#wake();
  }

  /** Resolves when nothing will be added any more. */
  async settled(): Promise<void> {
    while (this.#growth.kind === "growing") await this.#change();
  }

  /** The answer from its beginning; each use reads it anew. Must be begun before the owner discards it. */
  get chunks(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#follow() };
  }

  /** The owner needs it no longer; nobody may write any more, and it is closed when the last reader is done. */
  discard(): void {
    if (this.path !== undefined) rmSync(this.path, { force: true });
    this.#release();
  }

  async *#follow(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#users === 0) throw new Error("the definitions that this answer is about were replaced");
    this.#users++;
    try {
      yield* this.#written();
      for (let at = 0; ; at++) {
        while (at === this.#held.length && this.#growth.kind === "growing") await this.#change();
        if (this.#growth.kind === "broken") throw this.#growth.error;
        const piece = this.#held[at];
        if (piece === undefined) return;
        yield piece;
      }
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#users--;
    if (this.#users === 0 && this.file !== undefined) closeSync(this.file);
  }

  /** What lies in the file, in pieces of full size while there is more to come. */
  async *#written(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.file === undefined) return;
    let buffer: Buffer | undefined;
    for (let at = 0; ; ) {
      const isGrowing = (): boolean => this.#growth.kind === "growing" && this.#held.length === 0;
      while (this.#onDisk - at < CHUNK_CHARACTERS && isGrowing()) await this.#change();
      if (this.#growth.kind === "broken") throw this.#growth.error;
      const size = Math.min(CHUNK_CHARACTERS, this.#onDisk - at);
      if (size === 0) return;
      buffer ??= Buffer.allocUnsafeSlow(size);
      const { bytesRead } = await readAt(this.file, buffer, 0, size, at);
      if (bytesRead === 0) throw new Error("an answer that was written to disk is gone");
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** A spool at a path; it must not exist. Held in memory when the file cannot be made. */
export const openSpool = (path: string): Spool => {
  try {
    return new Spool(openSync(path, "wx+", 0o600), path);
  } catch {
    return new Spool(undefined, undefined);
  }
};

/** A spool that leaves nothing behind. */
export const temporarySpool = (): Spool => {
  const spool = openSpool(join(tmpdir(), `dagster-answer-${randomUUID()}`));
  // Readable through its descriptor until that is closed.
  if (spool.path !== undefined) rmSync(spool.path, { force: true });
  return spool;
};
