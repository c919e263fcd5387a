/**
 * Replaces names of things that are never written by the names of what they read, however many of them
 * follow each other. Order is kept, doubles and names that `isShown` does not know are dropped, cycles end. Nothing is
 * both hidden and shown. Where nothing is replaced or dropped, the list is the given one.
 */
export function throughHidden(
  upstreamOf: (name: string) => readonly string[],
  isHidden: (name: string) => boolean,
  isShown: (name: string) => boolean,
): (name: string) => readonly string[] {
  const kept = new Map<string, readonly string[]>();

  const visible = (name: string, open?: Set<string>): readonly string[] => {
    const listed = upstreamOf(name);
    if (isDistinct(listed) && listed.every(isShown)) return listed;
    const found = new Set<string>();
    for (const upstream of listed) {
      if (isShown(upstream)) found.add(upstream);
      else if (isHidden(upstream))
        for (const further of beyond(upstream, open ?? new Set())) found.add(further);
    }
    return [...found];
  };

  /** Only hidden names are kept: there are few, and each may be read by many. */
  const beyond = (hidden: string, open: Set<string>): readonly string[] => {
    const known = kept.get(hidden);
    if (known) return known;
    if (open.has(hidden)) return [];
    open.add(hidden);
    const found = visible(hidden, open);
    open.delete(hidden);
    kept.set(hidden, found);
    return found;
  };
  return (name) => visible(name);
}

/** Looking through a short list is cheaper than making a set. */
const isDistinct = (names: readonly string[]): boolean =>
  names.length > SHORT
    ? new Set(names).size === names.length
    : names.every((name, index) => names.indexOf(name) === index);

const SHORT = 8;
