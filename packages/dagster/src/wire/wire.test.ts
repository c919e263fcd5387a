import { describe, expect, test } from "vitest";
import {
  compareText,
  encodeWire,
  errorInfo,
  float,
  floatText,
  frozenSet,
  parseJson,
  pythonRepr,
  readItems,
  readNumber,
  snapshotId,
  wire,
  wireDynamic,
  wireEnum,
  wireItems,
  wireStream,
  wireText,
  writeWire,
} from "./index.ts";

describe("floats", () => {
  test.each([
    [1, "1.0"],
    [-0, "-0.0"],
    [0.1, "0.1"],
    [1e-6, "1e-06"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e15, "1000000000000000.0"],
    [0.0001, "0.0001"],
    [0.00001234, "1.234e-05"],
    [-1234.5, "-1234.5"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("%d is written as Python does", (value, text) => expect(floatText(value)).toBe(text));

  test("a plain integer stays an integer, a marked one does not", () => {
    expect(writeWire([1, float(1), 1.5, 10n ** 20n, 2 ** 60])).toBe(
      "[1, 1.0, 1.5, 100000000000000000000, 1.152921504606847e+18]",
    );
  });
});

describe("parsing", () => {
  test.each([
    "[1, 1.0, -0.0, 1e+16, 123456789012345678901, NaN, Infinity, -Infinity, true, false, null]",
    '{"": {}, "a": [], "b": "\\u00e9\\ud83d\\ude00\\n\\"\\\\\\u007f"}',
    '{"__proto__": 1}',
  ])("%s survives", (text) => expect(writeWire(parseJson(text))).toBe(text));

  test("raw control characters are accepted in strings", () => {
    expect(parseJson('"a\tb\nc"')).toBe("a\tb\nc");
  });

  test.each(["", "[1,]", "{1: 2}", '"abc', "01", "tru", '{"a" 1}', '"\\x"', "[1] 2"])(
    "%s is refused with a position",
    (text) => expect(() => parseJson(text)).toThrow(/at character \d+/),
  );
});

describe("objects", () => {
  test("defaults are filled and fields sorted", () => {
    const event = wire("AssetMaterialization", { tags: {}, asset_key: wire("AssetKey", { path: ["a"] }) });
    expect(writeWire(event)).toBe(
      '{"__class__": "AssetMaterialization", "asset_key": {"__class__": "AssetKey", "path": ["a"]}, ' +
        '"description": null, "metadata_entries": [], "partition": null, "tags": {}}',
    );
  });

  test("what the class does not have, or needs, is an error that names it", () => {
    expect(() => wireDynamic("AssetKey", { path: ["a"], pth: 1 })).toThrow("`AssetKey` has no field `pth`");
    expect(() => wireDynamic("AssetKey", {})).toThrow("`AssetKey` needs field `path`");
    expect(() => wireDynamic("AssetKy", {})).toThrow("no wire class `AssetKy`");
  });

  test("fields that are skipped when empty are left out", () => {
    const column = (tags: Record<string, string>) => writeWire(wire("TableColumn", { name: "x", tags }));
    expect(column({})).not.toContain("tags");
    expect(column({ pii: "" })).toContain('"tags": {"pii": ""}');
  });

  test("constants are written", () => {
    expect(writeWire(wireEnum("AssetExecutionType", "MATERIALIZATION"))).toBe(
      '{"__enum__": "AssetExecutionType.MATERIALIZATION"}',
    );
    expect(writeWire(wireItems([[wire("AssetKey", { path: ["a"] }), 1]]))).toBe(
      '{"__mapping_items__": [[{"__class__": "AssetKey", "path": ["a"]}, 1]]}',
    );
  });

  test("sets are ordered by Python's text of their items", () => {
    const key = (...path: string[]) => wire("AssetKey", { path });
    expect(writeWire(frozenSet([key("b"), key("a", "z"), key("a")]))).toBe(
      '{"__frozenset__": [{"__class__": "AssetKey", "path": ["a", "z"]}, ' +
        '{"__class__": "AssetKey", "path": ["a"]}, {"__class__": "AssetKey", "path": ["b"]}]}',
    );
    expect(writeWire(frozenSet(["b", "\u{1f600}", "\uffee"]))).toBe(
      '{"__frozenset__": ["b", "\\uffee", "\\ud83d\\ude00"]}',
    );
  });
});

describe("order and texts of Python", () => {
  test("astral characters sort after all others", () => {
    expect(["\u{1f600}", "\uffee", "a", ""].sort(compareText)).toEqual(["", "a", "\uffee", "\u{1f600}"]);
  });

  test.each([
    ["it's", `"it's"`],
    [`it's "x"`, `'it\\'s "x"'`],
    ["a\\b\n\u0001\u00e9\u200b", "'a\\\\b\\n\\x01\u00e9\\u200b'"],
    ["\u00a0\u{10ffff}", "'\\xa0\\U0010ffff'"],
  ])("%s", (text, repr) => expect(pythonRepr(text)).toBe(repr));
});

describe("streams", () => {
  test("chunks hold exactly the limit and join to the same text", () => {
    const make = () =>
      wire("ListRepositoriesResponse", {
        repository_symbols: wireStream([1, 2, 3]),
        executable_path: null,
        repository_code_pointer_dict: { a: wireText('{"b": 1}') },
      });
    const text = writeWire(make());
    for (const limit of [1, 10, text.length, text.length + 1]) {
      const chunks = encodeWire(make(), limit);
      expect(chunks.map((chunk) => chunk.length)).toEqual(
        Array.from({ length: Math.ceil(text.length / limit) }, (_unused, i) =>
          Math.min(limit, text.length - i * limit),
        ),
      );
      expect(Buffer.concat(chunks).toString()).toBe(text);
    }
    expect(encodeWire(wireStream([])).map((chunk) => chunk.length)).toEqual([2]);
  });

  test("texts of every length are the same in chunks of every size", () => {
    const texts = ["", "plain", 'with "marks"\n', "\u00e9\u{1f600}", "x".repeat(25), `${"y".repeat(30)}\t`];
    const text = JSON.stringify(texts).replaceAll('","', '", "');
    const escaped = text.replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    expect(writeWire(texts)).toBe(escaped);
    for (let limit = 1; limit <= escaped.length; limit++)
      expect(Buffer.concat(encodeWire(texts, limit)).toString()).toBe(escaped);
  });
});

describe("ids and errors", () => {
  test("an id is the SHA-1 of the text, whole or in pieces", () => {
    expect(snapshotId("abc")).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
    expect(snapshotId(["a", "bc"].map((piece) => Buffer.from(piece)))).toBe(snapshotId("abc"));
  });

  test("an error carries its class, lines and cause", () => {
    class StateError extends Error {
      override readonly name = "StateError";
    }
    const text = writeWire(errorInfo(new StateError("two\nlines", { cause: "why" })));
    expect(text).toContain('"cls_name": "StateError"');
    expect(text).toContain('"message": "StateError: two\\nlines\\n"');
    expect(text).toContain('"message": "Error: why\\n"');
    expect(text).toMatch(/"stack": \[" {4}at /);
  });
});

describe("reading", () => {
  test("arrays and sets of the host are one thing", () => {
    expect(readItems(parseJson('{"__frozenset__": ["a"]}'))).toEqual(["a"]);
    expect(readItems(parseJson('["a"]'))).toEqual(["a"]);
    expect(readItems(null)).toBeUndefined();
    expect(readNumber(parseJson("1.0"))).toBe(1);
  });
});
