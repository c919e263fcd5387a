import { isAscii } from "node:buffer";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { RecordStore } from "./compile/incremental/record-file.ts";
import type { TextCache } from "./sql/index.ts";

const SEAL = /^rocky sealed ([0-9a-f]{8})\n/;
const SEAL_LENGTH = "rocky sealed 00000000\n".length;

const seal = (sum: number): string => `rocky sealed ${sum.toString(16).padStart(8, "0")}\n`;

const PIECE = 1 << 20;

/** Texts joined into pieces of about a megabyte: whole, a large one would be held twice. */
function* pieces(texts: readonly string[]): Generator<Uint8Array> {
  let waiting: string[] = [];
  let length = 0;
  for (const text of texts) {
    waiting.push(text);
    length += text.length;
    if (length < PIECE) continue;
    yield Buffer.from(waiting.join(""));
    waiting = [];
    length = 0;
  }
  yield Buffer.from(waiting.join(""));
}

/** Sealed texts of one kind that are kept; a project is compiled with few different flags. */
const MOST_OF_A_KIND = 4;

/** How far the clock of the files may lag behind ours before times of files tell nothing. */
const CLOCK_LAG_MS = 40;

/** A cache in `.rocky/cache` of a directory. A directory that cannot be written simply has none. */
export const nodeCache = (directory: string): TextCache & RecordStore => {
  const home = join(directory, ".rocky");
  const folder = join(home, "cache");
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const prepare = (): void => {
    mkdirSync(folder, { recursive: true });
    const ignore = join(home, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  };
  /** Another process may be reading: it sees the old text or the new one, never half of one. */
  const replace = (name: string, write: (file: number) => boolean): void => {
    prepare();
    // Threads of one process may write at the same time as well.
    const own = Math.random().toString(36).slice(2);
    const temporary = join(folder, `${name}.${process.pid}.${own}.tmp`);
    const file = openSync(temporary, "w");
    let complete = false;
    try {
      complete = write(file);
    } finally {
      closeSync(file);
      if (!complete) rmSync(temporary, { force: true });
    }
    if (complete) renameSync(temporary, join(folder, name));
  };
  return Object.freeze<TextCache & RecordStore>({
    read: (name) => attempt(() => readFileSync(join(folder, name), "utf8")),
    append: (name, text) =>
      attempt(() => {
        prepare();
        appendFileSync(join(folder, name), text);
      }),
    replace: (name, text) =>
      attempt(() =>
        replace(name, (file) => {
          writeFileSync(file, text);
          return true;
        }),
      ),
    readSealed: (name) =>
      attempt(() => {
        const bytes = readFileSync(join(folder, name));
        const body = bytes.subarray(SEAL_LENGTH);
        const sealed = bytes.toString("latin1", 0, SEAL_LENGTH);
        if (!SEAL.test(sealed) || sealed !== seal(crc32(body))) return undefined;
        return body.toString(isAscii(body) ? "latin1" : "utf8");
      }),
    writeSealed: (name, parts) =>
      attempt(() => {
        const started = Date.now();
        replace(name, (file) => {
          let sum = 0;
          let at = SEAL_LENGTH;
          for (const piece of pieces(parts)) {
            sum = crc32(piece, sum);
            at += writeSync(file, piece, 0, piece.length, at);
          }
          writeSync(file, seal(sum), 0);
          return fstatSync(file).mtimeMs > started - CLOCK_LAG_MS;
        });
        removeOldest(folder, name);
      }),
  });
};

const kindOf = (name: string): string => name.slice(0, name.indexOf("-"));

const removeOldest = (folder: string, name: string): void => {
  const alike = readdirSync(folder).filter((other) => kindOf(other) === kindOf(name));
  if (alike.length <= MOST_OF_A_KIND) return;
  const aged = alike.map((other) => ({ other, age: statSync(join(folder, other)).mtimeMs }));
  for (const { other } of aged.sort((left, right) => right.age - left.age).slice(MOST_OF_A_KIND))
    rmSync(join(folder, other), { force: true });
};
