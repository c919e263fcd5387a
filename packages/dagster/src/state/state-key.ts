/** Longest folder name that common file systems take. */
const MAX_NAME_BYTES = 255;

/**
 * The folder name of a state key: Dagster's own rule, so that a state written by either language is found by
 * both. Names that the rule leaves unsafe (`..`, an empty key) are refused instead of being used.
 */
export const sanitizeStateKey = (key: string): string => {
  const name = key.replace(/[^A-Za-z0-9._-]/gu, "__");
  if (/^\.*$/.test(name)) {
    throw new StateKeyError(
      key,
      "it would not be a folder of its own; give the component another `defs_state.key`",
    );
  }
  if (name.length > MAX_NAME_BYTES) {
    throw new StateKeyError(key, `its folder name would be longer than ${MAX_NAME_BYTES} characters`);
  }
  return name;
};

/** A defs-state key that cannot be stored. */
export class StateKeyError extends Error {
  override readonly name = "StateKeyError";

  constructor(key: string, why: string) {
    super(`defs state key ${JSON.stringify(key)} cannot be used: ${why}`);
  }
}

/** Two different keys must not share one folder: one would overwrite the other's state. */
export const refuseCollidingKeys = (keys: Iterable<string>): void => {
  const byFolder = new Map<string, string>();
  for (const key of keys) {
    const folder = sanitizeStateKey(key);
    const other = byFolder.get(folder);
    if (other !== undefined && other !== key) {
      throw new StateKeyError(
        key,
        `${JSON.stringify(other)} of the same code location is stored in the same folder ${JSON.stringify(folder)}`,
      );
    }
    byFolder.set(folder, key);
  }
};
