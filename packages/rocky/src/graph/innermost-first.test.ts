import { expect, it } from "vitest";
import { innermostFirst } from "./innermost-first.ts";

const orderOf = (graph: Readonly<Record<string, readonly string[]>>, ...start: readonly string[]) =>
  innermostFirst(start, (node) => graph[node] ?? []).join(" ");

it("puts every node after what it needs, once", () => {
  expect(orderOf({ a: ["b", "c"], b: ["d"], c: ["d"] }, "a", "b")).toBe("d b c a");
});

it("ends in a circle as well", () => {
  expect(orderOf({ a: ["b"], b: ["a"] }, "a")).toBe("b a");
});

it("follows chains of any length", () => {
  const chain = innermostFirst([0], (node) => (node < 100_000 ? [node + 1] : []));
  expect([chain.length, chain[0], chain.at(-1)]).toEqual([100_001, 100_000, 0]);
});
