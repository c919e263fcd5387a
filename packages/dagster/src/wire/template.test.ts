import { expect, test } from "vitest";
import { frozenSet, nestTemplate, presetTemplate, wire, wireTemplate, writeWire } from "./index.ts";

const entry = wireTemplate("EventMetadataEntry", ["label", "entry_data"], { description: null });
const entryOf = (entry_data: ReturnType<typeof wire>) =>
  writeWire(wire("EventMetadataEntry", { label: "l", description: null, entry_data }));

test("a template writes what the object would be", () => {
  const data = wire("TextMetadataEntryData", { text: "x" });
  expect(writeWire(entry({ label: "l", entry_data: data }))).toBe(entryOf(data));
});

test("a nested template writes both objects, whether the inner one has gaps or none", () => {
  const open = nestTemplate(entry, "entry_data", wireTemplate("TextMetadataEntryData", ["text"]));
  expect(writeWire(open({ label: "l", text: "x" }))).toBe(
    entryOf(wire("TextMetadataEntryData", { text: "x" })),
  );
  const closed = nestTemplate(entry, "entry_data", wireTemplate("NullMetadataEntryData", []));
  expect(writeWire(closed({ label: "l" }))).toBe(entryOf(wire("NullMetadataEntryData", {})));
});

test("templates that would share a name are not nested, nor ones without the gap", () => {
  const twice = wireTemplate("EventMetadataEntry", ["label", "entry_data"], { description: null });
  expect(() => nestTemplate(entry, "entry_data", twice)).toThrow("cannot be nested");
  expect(() => nestTemplate(entry, "nothing" as "label", wireTemplate("AssetKey", ["path"]))).toThrow(
    "cannot be nested",
  );
});

test("gaps that are filled for good are written as they would be each time", () => {
  const data = wire("TextMetadataEntryData", { text: 'a "quoted" word' });
  const whole = entryOf(data);
  expect(writeWire(presetTemplate(entry, { label: "l" })({ entry_data: data }))).toBe(whole);
  expect(writeWire(presetTemplate(entry, { entry_data: data })({ label: "l" }))).toBe(whole);
  expect(writeWire(presetTemplate(entry, { label: "l", entry_data: data })({}))).toBe(whole);
});

test("a template needs what has no default, and opens only what the class has", () => {
  expect(() => wireTemplate("AssetKey", [])).toThrow("needs field `path`");
  expect(() => wireTemplate("AssetKey", ["path", "pth" as "path"])).toThrow("opens an unknown field");
});

test("filled templates have the order of their objects in sets", () => {
  const key = wireTemplate("AssetKey", ["path"]);
  const paths = [["b"], ["a", "z"], ["a"]];
  expect(writeWire(frozenSet(paths.map((path) => key({ path }))))).toBe(
    writeWire(frozenSet(paths.map((path) => wire("AssetKey", { path })))),
  );
});

test("a gap that is left open is an error", () => {
  expect(() => writeWire(entry({ label: "l" } as never))).toThrow("field entry_data is not filled");
  expect(writeWire(["after"])).toBe('["after"]');
});
