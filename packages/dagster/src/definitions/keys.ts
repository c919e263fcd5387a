/** A Dagster asset key: one or more path segments. */
export interface AssetKey {
  readonly path: readonly string[];
}

/** Anything that names an asset: a key, its segments, or `a/b/c`. */
export type AssetKeyLike = AssetKey | readonly string[] | string;

/** Names one check on one asset. */
export interface AssetCheckKey {
  readonly assetKey: AssetKey;
  readonly name: string;
}

const isPath = (like: AssetKeyLike): like is readonly string[] => Array.isArray(like);

/** Factories and helpers for asset keys. */
export const AssetKey = {
  of: (...path: string[]): AssetKey => Object.freeze({ path: Object.freeze(path) }),

  /** A string is split on `/`, as Dagster's UI shows keys. */
  from(like: AssetKeyLike): AssetKey {
    if (typeof like === "string") return AssetKey.of(...like.split("/"));
    return isPath(like) ? AssetKey.of(...like) : like;
  },

  /** Dagster's user text: segments joined with `/`. Not unique when a segment holds a slash. */
  toUserString: (key: AssetKey): string => key.path.join("/"),

  /** A collision-free text for maps and sets; `fromId` reads it back. */
  id: (key: AssetKey): string => JSON.stringify(key.path),

  fromId: (id: string): AssetKey => AssetKey.of(...(JSON.parse(id) as string[])),

  equals: (a: AssetKey, b: AssetKey): boolean =>
    a.path.length === b.path.length && a.path.every((part, i) => part === b.path[i]),
} as const;

/** Factories and helpers for check keys. */
export const AssetCheckKey = {
  of: (asset: AssetKeyLike, name: string): AssetCheckKey =>
    Object.freeze({ assetKey: AssetKey.from(asset), name }),
  id: (key: AssetCheckKey): string => AssetCheckKey.idFrom(AssetKey.id(key.assetKey), key.name),

  /** The same from the id of the asset, where that is at hand. */
  idFrom: (assetId: string, name: string): string => `[${assetId},${JSON.stringify(name)}]`,
} as const;
