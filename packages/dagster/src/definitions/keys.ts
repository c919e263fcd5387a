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

/** A key that keeps its id: one location asks for it several times for each asset. */
class Key implements AssetKey {
  readonly path: readonly string[];
  #id: string | undefined;

  constructor(path: readonly string[]) {
    this.path = Object.freeze(path);
    Object.freeze(this);
  }

  /** Keys may also be plain objects, from users and from other threads. */
  static idOf(key: AssetKey): string {
    if (!(key instanceof Key)) return JSON.stringify(key.path);
    key.#id ??= JSON.stringify(key.path);
    return key.#id;
  }
}

const isPath = (like: AssetKeyLike): like is readonly string[] => Array.isArray(like);

/** Factories and helpers for asset keys. */
export const AssetKey = {
  of: (...path: string[]): AssetKey => new Key(path),

  /** A string is split on `/`, as Dagster's UI shows keys. */
  from(like: AssetKeyLike): AssetKey {
    if (typeof like === "string") return AssetKey.of(...like.split("/"));
    return isPath(like) ? AssetKey.of(...like) : like;
  },

  /** Dagster's user text: segments joined with `/`. Not unique when a segment holds a slash. */
  toUserString: (key: AssetKey): string => key.path.join("/"),

  /** A collision-free text for maps and sets; `fromId` reads it back. */
  id: (key: AssetKey): string => Key.idOf(key),

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
