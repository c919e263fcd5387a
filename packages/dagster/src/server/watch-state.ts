import { fingerprintOf, type WatchedFile } from "../state/fingerprint.ts";

const POLL_MS = 1_000;

const hasChanged = (file: WatchedFile): boolean => {
  try {
    return fingerprintOf(file.path) !== file.fingerprint;
  } catch {
    // A folder that cannot be read for a moment is no reason to reload.
    return false;
  }
};

/**
 * Calls `onChange` when a file of the current list differs from what was loaded. Polling works on every file
 * system, network ones included, and a handful of `stat` calls a second cost nothing.
 */
export const watchStateFiles = (
  current: () => readonly WatchedFile[],
  onChange: () => void,
): (() => void) => {
  const timer = setInterval(() => {
    if (current().some(hasChanged)) onChange();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
};
