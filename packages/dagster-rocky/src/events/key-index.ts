import type { AssetKey } from "@dagster-rocky/dagster";

/** One engine table of a plan. */
export interface IndexedTable {
  readonly key: AssetKey;
  readonly nativePath: readonly string[];
}

/** Finds the asset behind a name that the engine gave. */
export interface KeyIndex {
  /** For asset keys: exact, then (tenants) by table name. `suffix` is what a shadow run appended. */
  ofPath(path: readonly string[], suffix?: string): AssetKey | undefined;
  /** For dotted names: the longest known tail, then the only selected asset with that last part. */
  ofName(name: string, suffix?: string): AssetKey | "ambiguous" | undefined;
}

const id = (path: readonly string[]): string => JSON.stringify(path);

/** `orders_pr_7` is `orders` in a shadow run with suffix `_pr_7`. */
export const withoutSuffix = (path: readonly string[], suffix: string | undefined): readonly string[] => {
  const last = path.at(-1);
  if (suffix === undefined || suffix === "" || !last?.endsWith(suffix)) return path;
  return [...path.slice(0, -1), last.slice(0, -suffix.length)];
};

export const createKeyIndex = (
  tables: readonly IndexedTable[],
  selected: readonly AssetKey[],
  keyByTable?: Readonly<Record<string, AssetKey>>,
): KeyIndex => {
  const byPath = new Map(tables.map((table) => [id(table.nativePath), table.key]));

  const byLeaf = new Map<string, AssetKey | "ambiguous">();
  for (const key of selected) {
    const leaf = key.path.at(-1) ?? "";
    byLeaf.set(leaf, byLeaf.has(leaf) ? "ambiguous" : key);
  }

  const tenantKey = (table: string | undefined): AssetKey | undefined =>
    table !== undefined && keyByTable !== undefined && Object.hasOwn(keyByTable, table)
      ? keyByTable[table]
      : undefined;

  const ofPath = (path: readonly string[], suffix?: string): AssetKey | undefined => {
    const plain = withoutSuffix(path, suffix);
    return byPath.get(id(path)) ?? byPath.get(id(plain)) ?? tenantKey(plain.at(-1));
  };

  return {
    ofPath,
    ofName(name, suffix) {
      const parts = withoutSuffix(name.split("."), suffix);
      for (let start = 0; start < parts.length; start += 1) {
        const found = byPath.get(id(parts.slice(start)));
        if (found !== undefined) return found;
      }
      return byLeaf.get(parts.at(-1) ?? "");
    },
  };
};
