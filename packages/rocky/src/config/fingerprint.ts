const mix = (text: string, seed: number): number => {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * 16 hex digits that change when the text does. It labels a config in the run history; a cryptographic hash would
 * cost every command the loading of one.
 */
export const fingerprint = (text: string): string =>
  [0x811c9dc5, 0x9e3779b9].map((seed) => mix(text, seed).toString(16).padStart(8, "0")).join("");
