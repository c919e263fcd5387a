import { MASKED } from "./secret.ts";
import type { SensitiveValues } from "./types/config.ts";

/** Cuts sensitive values out of text. */
export interface Redactor {
  /** For logs and errors: secrets become `***`, other environment values become `${NAME}`. */
  readonly text: (text: string) => string;
  /** For structured output: secrets only, so that names of catalogs or files stay usable as keys. */
  readonly value: (text: string) => string;
}

// Shorter environment values (a region, a flag) hit ordinary words all over a message.
const SHORTEST_ENVIRONMENT_VALUE = 8;
const SHORTEST_SECRET = 4;

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
  return Object.freeze<Redactor>({
    text: (text) => replaceAll(text, all),
    value: (text) => replaceAll(text, secrets),
  });
};
