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

  const visible = (name: string, open: Set<string>): readonly string[] => {
    const known = kept.get(name);
    if (known) return known;
    open.add(name);
    const found = new Set<string>();
    for (const upstream of upstreamOf(name)) {
      if (!isHidden(upstream)) {
        if (isShown(upstream)) found.add(upstream);
      } else if (!open.has(upstream)) {
        for (const further of visible(upstream, open)) found.add(further);
      }
    }
    open.delete(name);
    const result = [...found];
    kept.set(name, result);
    return result;
  };
  return (name) => visible(name, new Set());
}
