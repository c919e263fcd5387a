/**
 * Items with every item after those it needs, else in the given order. Items on a cycle, which the compile
 * reports as an error, come last in the given order. Linear in items and edges.
 */
export function inDependencyOrder<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  needs: (item: T) => readonly string[],
): readonly T[] {
  const position = new Map<string, number>();
  for (const [index, item] of items.entries()) position.set(idOf(item), index);
  if (isOrdered(items, needs, position)) return items;
  const upstream = items.map((item, index) =>
    needs(item).flatMap((id) => {
      const found = position.get(id);
      return found === undefined || found === index ? [] : [found];
    }),
  );
  return sorted(upstream).map((index) => items[index] as T);
}

/** Engines list what is needed first, so that there is rarely anything to do. */
function isOrdered<T>(
  items: readonly T[],
  needs: (item: T) => readonly string[],
  position: ReadonlyMap<string, number>,
): boolean {
  for (const [index, item] of items.entries()) {
    for (const id of needs(item)) if ((position.get(id) ?? -1) > index) return false;
  }
  return true;
}

function sorted(upstream: readonly (readonly number[])[]): readonly number[] {
  const downstream: number[][] = upstream.map(() => []);
  const waiting = upstream.map((found) => found.length);
  for (const [index, found] of upstream.entries())
    for (const before of found) downstream[before]?.push(index);
  const ready = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < ready.length; next++) {
    for (const index of downstream[ready[next] ?? -1] ?? []) {
      const left = (waiting[index] ?? 0) - 1;
      waiting[index] = left;
      if (left === 0) ready.push(index);
    }
  }
  if (ready.length === upstream.length) return ready;
  const placed = new Set(ready);
  return [...ready, ...upstream.keys()].filter((index, i) => i < ready.length || !placed.has(index));
}
