import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "./codec.ts";

const shape = {
  text: [1, "string"],
  flag: [2, "bool"],
  count: [3, "int32"],
  raw: [4, "bytes"],
  names: [5, "strings"],
} as const;

describe("envelope codec", () => {
  it("reads back what it wrote", () => {
    const message = {
      text: "grün 🪨",
      flag: true,
      count: -7,
      raw: Uint8Array.of(0, 255),
      names: ["a", "", "b"],
    };
    const read = decodeMessage(shape, encodeMessage(shape, message));
    expect({ ...read, raw: [...read.raw] }).toEqual({ ...message, raw: [0, 255] });
  });

  it("writes the bytes that protobuf writes", () => {
    expect(encodeMessage(shape, { text: "hi", flag: true, count: 300 }).toString("hex")).toBe(
      "0a0268691001" + "18ac02",
    );
    expect(encodeMessage(shape, { count: -1 }).toString("hex")).toBe("18ffffffffffffffffff01");
  });

  it("leaves defaults out and fills them in", () => {
    expect(encodeMessage(shape, { text: "", flag: false, count: 0, names: [] })).toHaveLength(0);
    expect(decodeMessage(shape, new Uint8Array())).toEqual({
      text: "",
      flag: false,
      count: 0,
      raw: new Uint8Array(),
      names: [],
    });
  });

  it("takes text as bytes without changing it", () => {
    const bytes = Buffer.from("abc");
    expect(encodeMessage(shape, { text: bytes })).toEqual(encodeMessage(shape, { text: "abc" }));
  });

  it("skips fields that it does not know", () => {
    const newer = encodeMessage({ ...shape, later: [9, "string"] } as const, { text: "x", later: "y" });
    expect(decodeMessage(shape, newer).text).toBe("x");
  });

  it("refuses a message that ends early", () => {
    expect(() => decodeMessage(shape, Buffer.from("0a05aa", "hex"))).toThrow(/ends inside/);
  });
});
