import { existsSync, mkdtempSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSpool, type Spool } from "./spool.ts";
import { wholeAnswer } from "./whole-answer.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spool-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (spool: Spool, text: string): void => {
  if (spool.file === undefined) throw new Error("there is no file");
  spool.grew(writeSync(spool.file, text));
};

const textOf = async (spool: Spool): Promise<string> =>
  Buffer.from(
    (await wholeAnswer({ kind: "listRepositories" }, { isError: false, chunks: spool.chunks })).text,
  ).toString();

describe("a spool", () => {
  it("is read while it grows, by each reader from the beginning", async () => {
    const spool = openSpool(join(folder, "answer"));
    const early = textOf(spool);
    write(spool, "one ");
    write(spool, "two");
    const late = textOf(spool);
    spool.finish();
    expect(await Promise.all([early, late, textOf(spool)])).toEqual(["one two", "one two", "one two"]);
    expect(spool.isOnDisk).toBe(true);
    spool.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes on in memory when the disk is full", async () => {
    const spool = openSpool(join(folder, "answer"));
    const early = textOf(spool);
    write(spool, "one ");
    spool.hold(Buffer.from("two "));
    spool.hold(Buffer.from("three"));
    spool.finish();
    expect([await early, await textOf(spool)]).toEqual(["one two three", "one two three"]);
    expect(spool.isOnDisk).toBe(false);
    spool.discard();
  });

  it("needs no disk", async () => {
    const spool = openSpool(join(folder, "missing", "answer"));
    expect(spool.file).toBeUndefined();
    spool.hold(Buffer.from("text"));
    spool.finish();
    expect(await textOf(spool)).toBe("text");
    spool.discard();
  });

  it("ends its readers when it cannot be completed", async () => {
    const spool = openSpool(join(folder, "answer"));
    const early = textOf(spool);
    write(spool, "one");
    spool.fail(new Error("the thread ended"));
    await expect(early).rejects.toThrow("the thread ended");
    spool.discard();
  });

  it("serves a reader that began before it was discarded, and refuses later ones", async () => {
    const path = join(folder, "answer");
    const spool = openSpool(path);
    const early = textOf(spool);
    write(spool, "one");
    spool.discard();
    spool.finish();
    expect(await early).toBe("one");
    expect(existsSync(path)).toBe(false);
    await expect(textOf(spool)).rejects.toThrow("were replaced");
  });
});
