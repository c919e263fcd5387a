import { describe, expect, it } from "vitest";
import { refuseCollidingKeys, StateKeyError, sanitizeStateKey } from "./state-key.ts";

describe("sanitizeStateKey", () => {
  it("names folders as Dagster does", () => {
    expect(sanitizeStateKey("RockyComponent[rocky.toml]")).toBe("RockyComponent__rocky.toml__");
    expect(sanitizeStateKey("a/../b")).toBe("a__..__b");
    expect(sanitizeStateKey("grün🪨")).toBe("gr__n__");
  });

  it("refuses what would leave the folder", () => {
    for (const key of ["", ".", "..", "..."]) expect(() => sanitizeStateKey(key)).toThrow(StateKeyError);
    expect(() => sanitizeStateKey("x".repeat(300))).toThrow(/255/);
  });
});

describe("refuseCollidingKeys", () => {
  it("lets components share a key but not a folder", () => {
    expect(() => refuseCollidingKeys(["a", "a", "b"])).not.toThrow();
    expect(() => refuseCollidingKeys(["a[b]", "a(b)"])).toThrow(/"a\[b\]".*same folder "a__b__"/);
  });
});
