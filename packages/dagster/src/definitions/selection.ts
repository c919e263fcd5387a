import type { AssetKey } from "./keys.ts";

/** Which assets a job, schedule or sensor is about. */
export type AssetSelection =
  | { readonly kind: "all" }
  | { readonly kind: "keys"; readonly keys: readonly AssetKey[] }
  | { readonly kind: "groups"; readonly groups: readonly string[] };

export const AssetSelection = {
  all: (): AssetSelection => ({ kind: "all" }),
  keys: (...keys: AssetKey[]): AssetSelection => ({ kind: "keys", keys }),
  groups: (...groups: string[]): AssetSelection => ({ kind: "groups", groups }),
} as const;
