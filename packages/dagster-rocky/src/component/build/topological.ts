/**
 * Items with every item after those it needs, else in the given order. Items on a cycle, which the compile
 * reports as an error, come last in the given order. Linear in items and edges.
 */
export function inDependencyOrder<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  needs: (item: T) => readonly string[],
): readonly T[] {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, T[]>();
  const ids = new Set(items.map(idOf));
  const ready: T[] = [];
  for (const item of items) {
    const id = idOf(item);
    const upstream = needs(item).filter((need) => ids.has(need) && need !== id);
    waiting.set(id, upstream.length);
    if (upstream.length === 0) ready.push(item);
    for (const need of upstream) {
      const known = dependents.get(need);
      if (known) known.push(item);
      else dependents.set(need, [item]);
    }
  }
  for (let next = 0; next < ready.length; next++) {
    const done = ready[next];
    if (done === undefined) break;
    for (const item of dependents.get(idOf(done)) ?? []) {
      const left = (waiting.get(idOf(item)) ?? 0) - 1;
      waiting.set(idOf(item), left);
      if (left === 0) ready.push(item);
    }
  }
  if (ready.length === items.length) return ready;
  const placed = new Set(ready.map(idOf));
  return [...ready, ...items.filter((item) => !placed.has(idOf(item)))];
}
