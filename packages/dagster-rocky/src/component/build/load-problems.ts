import { AssetKey, type ComponentLogger } from "@dagster-rocky/dagster";

/** Things that are wrong with the state or the configuration but need not keep the location down. */
export interface LoadProblems {
  /** Notes a problem once, logs it, and shows it on the asset when there is one. */
  add(message: string, asset?: AssetKey): void;
  /** All messages, in the order in which they came. */
  readonly messages: readonly string[];
  /** What to show on an asset. */
  of(asset: AssetKey): readonly string[];
}

export function loadProblems(log: ComponentLogger): LoadProblems {
  const messages = new Set<string>();
  const byAsset = new Map<string, string[]>();
  return {
    add(message, asset) {
      if (asset) {
        const id = AssetKey.id(asset);
        const noted = byAsset.get(id);
        if (noted) noted.push(message);
        else byAsset.set(id, [message]);
      }
      if (messages.has(message)) return;
      messages.add(message);
      log.warn(message);
    },
    get messages() {
      return [...messages];
    },
    of: (asset) => (byAsset.size === 0 ? [] : (byAsset.get(AssetKey.id(asset)) ?? [])),
  };
}
