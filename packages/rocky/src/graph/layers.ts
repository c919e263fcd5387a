/** Node to the nodes that must come before it; predecessors that are no keys are ignored. */
export type Predecessors = ReadonlyMap<string, readonly string[]>;

export type LayerResult =
  | { readonly ok: true; readonly layers: readonly (readonly string[])[] }
  /** One cycle, each node followed by one that depends on it. */
  | { readonly ok: false; readonly cycle: readonly string[] };

export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Kahn's algorithm: a node's layer is one more than the highest of its predecessors; names sorted inside. */
export const layersOf = (graph: Predecessors): LayerResult => {
  const waiting = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const [node, before] of graph) {
    let count = 0;
    for (const predecessor of new Set(before)) {
      if (!graph.has(predecessor)) continue;
      count += 1;
      const known = followers.get(predecessor);
      if (known === undefined) followers.set(predecessor, [node]);
      else known.push(node);
    }
    waiting.set(node, count);
  }
  const layers: (readonly string[])[] = [];
  let ready = [...graph.keys()].filter((node) => waiting.get(node) === 0);
  let placed = 0;
  while (ready.length > 0) {
    layers.push(ready.sort(byText));
    placed += ready.length;
    const next: string[] = [];
    for (const node of ready) {
      for (const follower of followers.get(node) ?? []) {
        const left = (waiting.get(follower) ?? 0) - 1;
        waiting.set(follower, left);
        if (left === 0) next.push(follower);
      }
    }
    ready = next;
  }
  if (placed === graph.size) return { ok: true, layers };
  const stuck = new Set([...graph.keys()].filter((node) => (waiting.get(node) ?? 0) > 0));
  return { ok: false, cycle: cycleIn(graph, stuck) };
};

/** Walking backwards from a stuck node always stays among stuck nodes, so it must meet itself. */
const cycleIn = (graph: Predecessors, stuck: ReadonlySet<string>): readonly string[] => {
  const path: string[] = [];
  const position = new Map<string, number>();
  let node = [...stuck].sort(byText)[0];
  while (node !== undefined) {
    const seenAt = position.get(node);
    if (seenAt !== undefined) return rotated(path.slice(seenAt).reverse());
    position.set(node, path.push(node) - 1);
    node = (graph.get(node) ?? []).filter((before) => stuck.has(before)).sort(byText)[0];
  }
  return path;
};

/** Starts the cycle at its first name, so that the same cycle is always told the same way. */
const rotated = (cycle: readonly string[]): readonly string[] => {
  const first = cycle.indexOf([...cycle].sort(byText)[0] ?? "");
  return [...cycle.slice(first), ...cycle.slice(0, first)];
};
