import { expect, test } from "vitest";
import { presetTemplate, wireTemplate, writeWire } from "../wire/index.ts";
import { sharedTemplates } from "./shared-templates.ts";

interface Item {
  readonly group: string;
  readonly label: string;
}

const entry = wireTemplate("EventMetadataEntry", ["label", "entry_data"], { description: null });

test("items of a group get a template once they share what it holds", () => {
  let made = 0;
  const templateOf = sharedTemplates<Item, string, "entry_data">(
    ({ group }) => group,
    ({ label }) => [label],
    ({ label }) => {
      made++;
      return presetTemplate(entry, { label });
    },
  );
  const labels = (group: string, ...given: string[]) =>
    given.map((label) => {
      const template = templateOf({ group, label });
      return template && writeWire(template({ entry_data: null }));
    });
  const written = (label: string) => writeWire(entry({ label, entry_data: null }));
  expect(labels("a", "x", "x", "x", "y", "y", "x")).toEqual([
    undefined,
    written("x"),
    written("x"),
    undefined,
    written("y"),
    undefined,
  ]);
  expect(labels("b", "x", "x")).toEqual([undefined, written("x")]);
  expect(made).toBe(3);
});
