/**
 * What `start` needs, directly or not, each node after all that it needs itself; in a circle the one that was met
 * first comes last. Does not recurse, because a chain of ten thousand nodes would overflow the call stack.
 */
export const innermostFirst = <T>(start: readonly T[], needs: (node: T) => readonly T[]): readonly T[] => {
  const met = new Set<T>();
  const ordered: T[] = [];
  const stack: { readonly node?: T; readonly left: T[] }[] = [{ left: [...start].reverse() }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const next = frame.left.pop();
    if (next === undefined) {
      stack.pop();
      if (frame.node !== undefined) ordered.push(frame.node);
    } else if (!met.has(next)) {
      met.add(next);
      stack.push({ node: next, left: [...needs(next)].reverse() });
    }
  }
  return ordered;
};
