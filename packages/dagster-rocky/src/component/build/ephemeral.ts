/**
 * Replaces names of things that are never written by the names of what they read, however many of them
 * follow each other. Order is kept, doubles and names that `isShown` does not know are dropped, cycles end.
 */
export function throughHidden(
  upstreamOf: (name: string) => readonly string[],
  isHidden: (name: string) => boolean,
  isShown: (name: string) => boolean,
): (name: string) => readonly string[] {
  const kept = new Map<string, readonly string[]>();

  const visible = (name: string, open?: Set<string>): readonly string[] => {
    const found: string[] = [];
    for (const upstream of upstreamOf(name)) {
      if (isHidden(upstream)) for (const further of beyond(upstream, open ?? new Set())) found.push(further);
      else if (isShown(upstream)) found.push(upstream);
    }
    return found.length < 2 ? found : [...new Set(found)];
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
