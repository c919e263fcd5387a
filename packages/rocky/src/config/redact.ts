import { MASKED } from "./secret.ts";
import type { SensitiveValues } from "./types/config.ts";

/** Cuts sensitive values out of text. */
export interface Redactor {
  /** For logs and errors: secrets become `***`, other environment values become `${NAME}`. */
  readonly text: (text: string) => string;
  /** For structured output: secrets only, so that names of catalogs or files stay usable as keys. */
  readonly value: (text: string) => string;
  /** `value` for every text inside a plain value; the value itself when there is nothing to cut. */
  readonly payload: <T>(payload: T) => T;
}

/** Lets everything through. */
export const noRedaction: Redactor = Object.freeze<Redactor>({
  text: (text) => text,
  value: (text) => text,
  payload: (payload) => payload,
});

const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, map)]));
};

// Shorter values (a region, a flag, a word that is no real secret) hit ordinary words all over a message.
const SHORTEST_ENVIRONMENT_VALUE = 8;
const SHORTEST_SECRET = 6;

export const createRedactor = (sensitive: SensitiveValues): Redactor => {
  const byLength = (left: { value: string }, right: { value: string }): number =>
    right.value.length - left.value.length;
  // Longest first: a secret that contains another must not leave its tail behind.
  const secrets = sensitive.secrets
    .filter((value) => value.length >= SHORTEST_SECRET)
    .map((value) => ({ value, shown: MASKED }))
    .sort(byLength);
  const environment = sensitive.environment
    .filter(({ value }) => value.length >= SHORTEST_ENVIRONMENT_VALUE)
    .map(({ name, value }) => ({ value, shown: `\${${name}}` }))
    .sort(byLength);
  const replaceAll = (text: string, pairs: readonly { value: string; shown: string }[]): string =>
    pairs.reduce((current, { value, shown }) => current.split(value).join(shown), text);
  const all = [...secrets, ...environment];
  const value = (text: string): string => replaceAll(text, secrets);
  return Object.freeze<Redactor>({
    text: (text) => replaceAll(text, all),
    value,
    // The shape stays the same: only texts inside are replaced by texts.
    payload: <T>(payload: T): T => (secrets.length === 0 ? payload : (mapTexts(payload, value) as T)),
  });
};
