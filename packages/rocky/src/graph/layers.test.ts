import { describe, expect, it } from "vitest";
import { componentNumbers } from "./components.ts";
import { layersOf } from "./layers.ts";

const graph = (edges: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(edges));

describe("layersOf", () => {
  it("puts each node one above its highest predecessor, names sorted", () => {
    const result = layersOf(graph({ d: ["b", "c"], c: ["a"], b: [], a: [], e: ["nowhere"] }));
    expect(result).toEqual({ ok: true, layers: [["a", "b", "e"], ["c"], ["d"]] });
  });

  it("names one cycle and not what hangs on it", () => {
    const result = layersOf(graph({ a: [], egg: ["hen", "a"], hen: ["egg"], omelette: ["egg"] }));
    expect(result).toEqual({ ok: false, cycle: ["egg", "hen"] });
    expect(layersOf(graph({ self: ["self"] }))).toEqual({ ok: false, cycle: ["self"] });
  });

  it("stays linear and off the call stack on a chain of 50,000", () => {
    const chain = new Map(
      Array.from({ length: 50_000 }, (_unused, index) => [`m${index}`, index === 0 ? [] : [`m${index - 1}`]]),
    );
    const result = layersOf(chain);
    expect(result.ok && result.layers.length).toBe(50_000);
    expect(new Set(componentNumbers(chain).values()).size).toBe(50_000);
  });
});

describe("componentNumbers", () => {
  it("gives nodes that reach each other one number", () => {
    const numbers = componentNumbers(graph({ a: ["b"], b: ["c"], c: ["a"], d: ["a"], e: ["f"], f: ["e"] }));
    expect(numbers.get("a")).toBe(numbers.get("c"));
    expect(numbers.get("e")).toBe(numbers.get("f"));
    expect(new Set(numbers.values()).size).toBe(3);
  });
});
