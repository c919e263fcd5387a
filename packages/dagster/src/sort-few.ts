/** Beyond so many, the runtime's own sort is better. */
const FEW = 16;

/** Sorts a list in place, stably. For the thousands of lists with a few entries, which are mostly in order already. */
export function sortFew<T>(items: T[], compare: (a: T, b: T) => number): T[] {
  if (items.length > FEW) return items.sort(compare);
  for (let i = 1; i < items.length; i++) {
    const item = items[i] as T;
    let at = i;
    for (; at > 0 && compare(items[at - 1] as T, item) > 0; at--) items[at] = items[at - 1] as T;
    items[at] = item;
  }
  return items;
}
