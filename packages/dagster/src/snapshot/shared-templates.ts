import type { WireTemplate } from "../wire/index.ts";

/** What an item has in common with the last one of its group, and the template for both. */
interface Common<K extends string> {
  readonly sources: readonly unknown[];
  template: WireTemplate<K> | undefined;
}

/**
 * Templates for what is left open when items of one group share the rest. `sources` are what the rest is made from,
 * compared by identity. Undefined for the first item with its sources: a template is made for the second, so that items
 * that share nothing cost little. Items without a group share nothing.
 */
export function sharedTemplates<T, G, K extends string>(
  groupOf: (item: T) => G | undefined,
  sources: (item: T) => readonly unknown[],
  make: (item: T) => WireTemplate<K>,
): (item: T) => WireTemplate<K> | undefined {
  const groups = new Map<G, Common<K>>();
  return (item) => {
    const group = groupOf(item);
    if (group === undefined) return undefined;
    const found = sources(item);
    const last = groups.get(group);
    if (last === undefined || !areSame(last.sources, found)) {
      groups.set(group, { sources: found, template: undefined });
      return undefined;
    }
    last.template ??= make(item);
    return last.template;
  };
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
