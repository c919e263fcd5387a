import { needsEscape, quote } from "./text.ts";

/** Longer texts are checked and copied by the runtime, shorter ones character by character. */
const SHORT_TEXT = 24;

/** The marks between values, as bytes. */
export const MARK = {
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  list: 0x5b,
  listEnd: 0x5d,
  record: 0x7b,
  recordEnd: 0x7d,
} as const;

/** 1 for characters that stand for themselves inside a JSON string. */
const PLAIN = Uint8Array.from({ length: 128 }, (_unused, code) =>
  needsEscape(String.fromCharCode(code)) ? 0 : 1,
);

/** Text that is written again and again, as bytes. */
export const asciiBytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

/**
 * Collects canonical text as bytes, in chunks of exactly `limit`. The text is ASCII, so characters are bytes.
 * Each chunk owns its memory and may be moved to another thread.
 */
export class ByteWriter {
  readonly #limit: number;
  readonly #spare: Buffer[] = [];
  #full: Buffer[] = [];
  #chunk: Buffer;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#chunk = Buffer.allocUnsafeSlow(limit);
  }

  /** One or two marks: a document holds more of them than of anything else. */
  mark(first: number, second?: number): void {
    if (this.#used + 2 > this.#limit) {
      this.#split(Uint8Array.from(second === undefined ? [first] : [first, second]));
      return;
    }
    this.#chunk[this.#used++] = first;
    if (second !== undefined) this.#chunk[this.#used++] = second;
  }

  bytes(part: Uint8Array): void {
    if (this.#used + part.length > this.#limit) {
      this.#split(part);
      return;
    }
    this.#chunk.set(part, this.#used);
    this.#used += part.length;
  }

  /** Canonical text, as it is. */
  ascii(text: string): void {
    if (this.#used + text.length > this.#limit) this.#split(asciiBytes(text));
    else this.#used += this.#chunk.write(text, this.#used, "latin1");
  }

  /** A string literal. */
  quoted(text: string): void {
    const { length } = text;
    if (length > SHORT_TEXT || this.#used + length + 2 > this.#limit) {
      this.#quotedLong(text);
      return;
    }
    const chunk = this.#chunk;
    let at = this.#used;
    chunk[at++] = MARK.quote;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (PLAIN[code] !== 1) {
        this.ascii(quote(text));
        return;
      }
      chunk[at++] = code;
    }
    chunk[at++] = MARK.quote;
    this.#used = at;
  }

  /** True while there are complete chunks to take. */
  get isFull(): boolean {
    return this.#full.length > 0;
  }

  /** Chunks that are complete and were not taken yet. */
  takeFull(): readonly Buffer[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** Takes back a chunk that nobody looks at any more. */
  recycle(chunk: Buffer): void {
    this.#spare.push(chunk);
  }

  /** What is left after the last complete chunk. */
  takeRest(): Uint8Array {
    const rest = Buffer.allocUnsafeSlow(this.#used);
    this.#chunk.copy(rest, 0, 0, this.#used);
    this.#used = 0;
    return rest;
  }

  /** Everything as one text; the writer is empty afterwards. */
  takeText(): string {
    const rest = this.#chunk.toString("latin1", 0, this.#used);
    this.#used = 0;
    if (this.#full.length === 0) return rest;
    const texts = this.takeFull().map((chunk) => chunk.toString("latin1"));
    return texts.join("") + rest;
  }

  #quotedLong(text: string): void {
    if (needsEscape(text) || this.#used + text.length + 2 > this.#limit) {
      this.ascii(quote(text));
      return;
    }
    this.#chunk[this.#used++] = MARK.quote;
    this.#used += this.#chunk.write(text, this.#used, "latin1");
    this.#chunk[this.#used++] = MARK.quote;
  }

  #split(part: Uint8Array): void {
    for (let from = 0; from < part.length; ) {
      const piece = part.subarray(from, from + this.#limit - this.#used);
      this.#chunk.set(piece, this.#used);
      from += piece.length;
      this.#used += piece.length;
      if (this.#used < this.#limit) return;
      this.#full.push(this.#chunk);
      this.#chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#limit);
      this.#used = 0;
    }
  }
}
