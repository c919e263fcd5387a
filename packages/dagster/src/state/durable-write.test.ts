import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileDurably } from "./durable-write.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileDurably", () => {
  it("replaces the file by another one and leaves nothing beside it", async () => {
    const path = join(folder, "deep/er/state");
    await writeFileDurably(path, "one");
    const first = statSync(path).ino;
    await writeFileDurably(path, Buffer.from("two"));
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(statSync(path).ino).not.toBe(first);
    expect(readdirSync(join(folder, "deep/er"))).toEqual(["state"]);
  });

  it("never shows a half-written file to a reader", async () => {
    const path = join(folder, "state");
    const texts = ["a".repeat(300_000), "b".repeat(200_000)];
    await writeFileDurably(path, texts[0] ?? "");
    let isDone = false;
    const writing = (async () => {
      for (let i = 0; i < 40; i++) await writeFileDurably(path, texts[i % 2] ?? "");
      isDone = true;
    })();
    while (!isDone) {
      expect(texts).toContain(readFileSync(path, "utf8"));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
  });

  it("keeps the old file when writing fails", async () => {
    const path = join(folder, "state");
    await writeFileDurably(path, "good");
    await expect(writeFileDurably(path, { length: 1 } as unknown as Uint8Array)).rejects.toThrow();
    expect(readFileSync(path, "utf8")).toBe("good");
    expect(readdirSync(folder)).toEqual(["state"]);
  });
});
