import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeCache } from "./node-cache.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rocky-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string): string => join(folder, ".rocky", "cache", name);

describe("a sealed text", () => {
  it("comes back as it was written, in any script", () => {
    const cache = nodeCache(folder);
    const parts = ["a", "é", "日本", "x".repeat(3_000_000), "end"];
    cache.writeSealed("t-1", parts);
    expect(cache.readSealed("t-1")).toBe(parts.join(""));
    cache.writeSealed("t-1", ["shorter"]);
    expect(cache.readSealed("t-1")).toBe("shorter");
  });

  it("is nothing when one byte of it is different, missing or too many", () => {
    const cache = nodeCache(folder);
    cache.writeSealed("t-1", ["some text that matters"]);
    const bytes = readFileSync(fileOf("t-1"));
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(fileOf("t-1"), damaged);
      expect(cache.readSealed("t-1")).toBeUndefined();
      writeFileSync(fileOf("t-1"), bytes.subarray(0, at));
      expect(cache.readSealed("t-1")).toBeUndefined();
    }
    writeFileSync(fileOf("t-1"), Buffer.concat([bytes, Buffer.from("x")]));
    expect(cache.readSealed("t-1")).toBeUndefined();
    writeFileSync(fileOf("t-1"), bytes);
    expect(cache.readSealed("t-1")).toBe("some text that matters");
  });

  it("pushes out the oldest of its kind, and nothing else", () => {
    const cache = nodeCache(folder);
    cache.replace("other.jsonl", "stays");
    for (let index = 0; index < 9; index += 1) cache.writeSealed(`t-${index}`, [String(index)]);
    const names = readdirSync(join(folder, ".rocky", "cache"));
    expect(names).toHaveLength(5);
    expect(cache.readSealed("t-8")).toBe("8");
    expect(cache.read("other.jsonl")).toBe("stays");
  });

  it("is simply not kept where nothing can be written", () => {
    writeFileSync(join(folder, ".rocky"), "a file in the way");
    const cache = nodeCache(folder);
    cache.writeSealed("t-1", ["text"]);
    expect(cache.readSealed("t-1")).toBeUndefined();
  });
});
