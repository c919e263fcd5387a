import { expect, test } from "vitest";
import { sortFew } from "./sort-few.ts";

const byTens = (a: number, b: number): number => Math.floor(a / 10) - Math.floor(b / 10);

test.each([0, 1, 2, 5, 16, 17, 40])("sorts %i entries, equal ones in their order", (length) => {
  const items = Array.from({ length }, (_unused, i) => (i * 37) % 50);
  expect(sortFew([...items], byTens)).toEqual(items.toSorted(byTens));
  expect(sortFew([...items].reverse(), byTens)).toEqual(items.toReversed().sort(byTens));
});
