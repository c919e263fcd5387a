import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isRecord, parseJson, type Json, type WireValue, wireDynamic, writeWire } from "./index.ts";

const root = new URL("../../golden/1.13.27/", import.meta.url);
const payloads = ["basic", "exotic"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root))
    .map((file) => [`${folder}/${file}`, readFileSync(new URL(`${folder}/${file}`, root), "utf8")] as const)
    .filter(([, text]) => /^[[{"]/.test(text) && text !== '""'),
);

/** Every `__class__` object goes through the class table, so that the table is tested on real payloads. */
function typed(value: Json): WireValue {
  if (Array.isArray(value)) return value.map(typed);
  if (!isRecord(value)) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typed(inner)]));
  const { __class__: name, ...rest } = fields;
  return typeof name === "string" ? wireDynamic(name, rest) : fields;
}

describe("recorded payloads of a Python code server", () => {
  test("are all there", () => expect(payloads.length).toBeGreaterThan(80));

  test.each(payloads)("%s is read and written byte for byte", (_name, text) => {
    expect(writeWire(parseJson(text))).toBe(text);
  });

  test.each(payloads)("%s goes through the class table unchanged", (_name, text) => {
    expect(writeWire(typed(parseJson(text)))).toBe(text);
  });
});

describe("rows of runs that a Python worker wrote", () => {
  const texts: string[] = [];
  const collect = (value: Json): void => {
    if (typeof value === "string" && value.startsWith('{"__class__"')) texts.push(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isRecord(value)) Object.values(value).forEach(collect);
  };
  for (const file of readdirSync(new URL("pyrun/", root))) {
    collect(parseJson(readFileSync(new URL(`pyrun/${file}`, root), "utf8")));
  }

  test("survive reading and writing", () => {
    expect(texts.length).toBeGreaterThan(100);
    for (const text of texts) {
      expect(writeWire(parseJson(text))).toBe(text);
      expect(writeWire(typed(parseJson(text)))).toBe(text);
    }
  });
});
