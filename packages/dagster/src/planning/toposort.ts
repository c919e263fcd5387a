import { compareText } from "../wire/index.ts";

/** Names in dependency order, level by level, each level in text order; undefined when there is a cycle. */
export function topologicalOrder(
  upstream: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const waiting = new Map<string, number>();
  const downstream = new Map<string, string[]>();
  for (const [name, parents] of upstream) {
    let count = 0;
    for (const parent of parents) {
      if (parent === name || !upstream.has(parent)) continue;
      count++;
      const list = downstream.get(parent);
      if (list === undefined) downstream.set(parent, [name]);
      else list.push(name);
    }
    waiting.set(name, count);
  }
  const order: string[] = [];
  let level = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  while (level.length > 0) {
    level.sort(compareText);
    order.push(...level);
    const next: string[] = [];
    for (const name of level) {
      for (const child of downstream.get(name) ?? []) {
        const left = (waiting.get(child) ?? 0) - 1;
        waiting.set(child, left);
        if (left === 0) next.push(child);
      }
    }
    level = next;
  }
  return order.length === upstream.size ? order : undefined;
}

/** One cycle, first name repeated at its end; only called when there is one. */
export function findCycle(upstream: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>();
  for (const start of upstream.keys()) {
    const path: { readonly name: string; readonly parents: Iterator<string> }[] = [];
    const onPath = new Set<string>();
    const enter = (name: string): void => {
      onPath.add(name);
      path.push({ name, parents: (upstream.get(name) ?? new Set<string>()).values() });
    };
    if (!done.has(start)) enter(start);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const step = last.parents.next();
      if (step.done === true) {
        done.add(last.name);
        onPath.delete(last.name);
        path.pop();
      } else if (onPath.has(step.value) && step.value !== last.name) {
        const names = path.map((entry) => entry.name);
        return [...names.slice(names.indexOf(step.value)), step.value].reverse();
      } else if (upstream.has(step.value) && !done.has(step.value) && step.value !== last.name) {
        enter(step.value);
      }
    }
  }
  return [];
}
