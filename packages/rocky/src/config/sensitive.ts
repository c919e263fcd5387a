import { SECRET_KEYS } from "./secret.ts";
import { isTable } from "./toml.ts";
import type { SensitiveValues } from "./types/config.ts";
import type { TomlDocument } from "./toml.ts";

// Elsewhere the same words are data: `[mask] secret = "redact"` names a classification tag.
const SECTIONS_WITH_SECRETS = ["adapter", "state", "hook"] as const;

const SECRET_NAME = /secret|token|passw|api_?key|private|credential|(?:^|_)(?:pat|pwd|key)(?:$|_)/i;

/** A URL's password, so that it is cut out even when only part of the URL is quoted in a message. */
const passwordOf = (value: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];

const collectSecrets = (value: unknown, isSecret: boolean, into: Set<string>): void => {
  if (typeof value === "string") {
    if (isSecret && value !== "") into.add(value);
    const password = passwordOf(value);
    if (password !== undefined) into.add(password);
  } else if (Array.isArray(value)) {
    for (const entry of value) collectSecrets(entry, isSecret, into);
  } else if (isTable(value)) {
    for (const [key, entry] of Object.entries(value)) collectSecrets(entry, SECRET_KEYS.has(key), into);
  }
};

/** Who knows the path of a chat service's webhook may post there; the host alone says nothing. */
const collectWebhookPaths = (hook: unknown, into: Set<string>): void => {
  const events = isTable(hook) && isTable(hook.webhooks) ? Object.values(hook.webhooks) : [];
  for (const webhook of events.flat()) {
    const url = isTable(webhook) ? webhook.url : undefined;
    const path = typeof url === "string" ? /^https?:\/\/[^/]+(\/.{2,})$/i.exec(url)?.[1] : undefined;
    if (path !== undefined) into.add(path);
  }
};

/** What must not leave the process: values under secret keys, and what came from the environment. */
export const collectSensitive = (document: TomlDocument): SensitiveValues => {
  const secrets = new Set<string>();
  for (const section of SECTIONS_WITH_SECRETS) collectSecrets(document.table[section], false, secrets);
  for (const { name, value } of document.used) if (SECRET_NAME.test(name) && value !== "") secrets.add(value);
  collectWebhookPaths(document.table.hook, secrets);
  const environment = document.used.filter(({ value }) => value !== "" && !secrets.has(value));
  return Object.freeze({ secrets: Object.freeze([...secrets]), environment: Object.freeze(environment) });
};
