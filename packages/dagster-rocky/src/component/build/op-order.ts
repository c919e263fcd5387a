/** An op that is made as a whole can wait for another op, or be waited for, but not both. */
export interface OpOrder {
  /** False when the dependency would make two ops wait for each other. */
  allows(upstreamOp: string, downstreamOp: string): boolean;
  /** True when the first is done before the second starts. */
  precedes(firstOp: string, secondOp: string): boolean;
}

/**
 * Chooses which dependencies between ops can be kept so that no ring remains. Given pairs are tried in
 * order, so that the important ones come first. Cost grows with the number of op pairs, not of assets.
 */
export function opOrder(pairs: Iterable<readonly [upstreamOp: string, downstreamOp: string]>): OpOrder {
  const downstream = new Map<string, Set<string>>();
  const reaches = (from: string, to: string): boolean => {
    const open = [from];
    const seen = new Set(open);
    for (let op = open.pop(); op !== undefined; op = open.pop()) {
      if (op === to) return true;
      for (const next of downstream.get(op) ?? []) {
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
    return false;
  };
  for (const [up, down] of pairs) {
    if (downstream.get(up)?.has(down) || reaches(down, up)) continue;
    const known = downstream.get(up);
    if (known) known.add(down);
    else downstream.set(up, new Set([down]));
  }
  return {
    allows: (up, down) => up === down || (downstream.get(up)?.has(down) ?? false),
    precedes: (first, second) => first !== second && reaches(first, second),
  };
}
