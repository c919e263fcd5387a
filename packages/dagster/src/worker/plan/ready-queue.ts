/** A binary heap: the next item is the one that sorts first. */
export function createReadyQueue<T>(compare: (a: T, b: T) => number) {
  const heap: T[] = [];

  const before = (a: number, b: number): boolean => {
    const x = heap[a];
    const y = heap[b];
    return x !== undefined && (y === undefined || compare(x, y) < 0);
  };
  const swap = (a: number, b: number): void => {
    const x = heap[a];
    const y = heap[b];
    if (x === undefined || y === undefined) return;
    heap[a] = y;
    heap[b] = x;
  };

  return {
    push(item: T): void {
      heap.push(item);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },

    pop(): T | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const child = left + 1 < heap.length && before(left + 1, left) ? left + 1 : left;
        if (child >= heap.length || !before(child, at)) return first;
        swap(child, at);
        at = child;
      }
    },
  };
}
