import type { Predecessors } from "./layers.ts";

/**
 * Strongly connected components: nodes with equal numbers reach each other. Tarjan's algorithm with its own stack,
 * because a chain of ten thousand models would overflow the call stack.
 */
export const componentNumbers = (graph: Predecessors): ReadonlyMap<string, number> => {
  const component = new Map<string, number>();
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  let components = 0;

  const enter = (node: string): Frame => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    return { node, edges: graph.get(node) ?? [], next: 0 };
  };
  const lower = (node: string, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  const close = (root: string): void => {
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      component.set(node, components);
      if (node === root) break;
    }
    components += 1;
  };

  for (const start of graph.keys()) {
    if (index.has(start)) continue;
    const frames: Frame[] = [enter(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const target = frame.edges[frame.next];
      if (target === undefined) {
        frames.pop();
        if (low.get(frame.node) === index.get(frame.node)) close(frame.node);
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.node, low.get(frame.node) ?? 0);
        continue;
      }
      frame.next += 1;
      if (!graph.has(target)) continue;
      const seen = index.get(target);
      if (seen === undefined) frames.push(enter(target));
      else if (!component.has(target)) lower(frame.node, seen);
    }
  }
  return component;
};

interface Frame {
  readonly node: string;
  readonly edges: readonly string[];
  next: number;
}
