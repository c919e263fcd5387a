import { fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CHUNK_CHARACTERS } from "../../wire/encode.ts";
import { cutFile } from "./cut-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cut-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = (size: number): { readonly content: Buffer; readonly file: number } => {
  const path = join(folder, "answer");
  const content = Buffer.alloc(size, "0123456789");
  writeFileSync(path, content);
  return { content, file: openSync(path, "r") };
};

test.each([0, 1, CHUNK_CHARACTERS, 2 * CHUNK_CHARACTERS + 7])("gives %i bytes in whole pieces", (size) => {
  const { content, file } = opened(size);
  const pieces = [...cutFile(file)];
  expect(pieces.map((piece) => piece.length).slice(0, -1)).toEqual(
    pieces.slice(0, -1).map(() => CHUNK_CHARACTERS),
  );
  expect(Buffer.concat(pieces).equals(content)).toBe(true);
  expect(() => fstatSync(file)).toThrow("EBADF");
});

test("closes the file when the reader leaves early", () => {
  const { file } = opened(2 * CHUNK_CHARACTERS);
  for (const piece of cutFile(file)) {
    expect(piece.length).toBe(CHUNK_CHARACTERS);
    break;
  }
  expect(() => fstatSync(file)).toThrow("EBADF");
});
