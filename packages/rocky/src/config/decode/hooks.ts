import { compact, readTable, type TableReader } from "../reader.ts";
import { createSecret } from "../secret.ts";
import { isTable } from "../toml.ts";
import { didYouMean } from "../../suggest.ts";
import { HOOK_EVENTS } from "../hook-events.ts";
import type { HooksConfig, ShellHook, WebhookHook } from "../types/config.ts";

const FAILURES = ["abort", "warn", "ignore"] as const;

const decodeShell = (reader: TableReader): ShellHook => ({
  command: reader.requiredString("command"),
  timeoutMs: reader.integer("timeout_ms") ?? 30_000,
  onFailure: reader.oneOf("on_failure", FAILURES) ?? "warn",
  env: reader.textMap("env"),
});

const decodeWebhook = (reader: TableReader): WebhookHook => {
  const secret = reader.string("secret");
  return compact({
    url: reader.requiredString("url"),
    preset: reader.string("preset"),
    method: reader.string("method") ?? "POST",
    headers: reader.textMap("headers"),
    bodyTemplate: reader.string("body_template"),
    secret: secret === undefined ? undefined : createSecret(secret),
    timeoutMs: reader.integer("timeout_ms") ?? 10_000,
    async: reader.boolean("async", false),
    onFailure: reader.oneOf("on_failure", FAILURES) ?? ("warn" as const),
    retryCount: reader.integer("retry_count") ?? 0,
    retryDelayMs: reader.integer("retry_delay_ms") ?? 1000,
  });
};

const decodeEntries = <T>(
  reader: TableReader,
  event: string,
  decode: (reader: TableReader) => T,
): readonly T[] | undefined => {
  const value = reader.raw(event);
  const path = [...reader.path, event];
  if (isTable(value)) return Object.freeze([readTable(value, path, reader.problems, decode)]);
  if (Array.isArray(value)) return reader.children(event, decode);
  reader.problem(event, "expected a hook table", `write [${path.join(".")}]`);
  return undefined;
};

const warnUnknownEvent = (reader: TableReader, event: string): void => {
  if (HOOK_EVENTS.has(event)) return;
  const near = didYouMean(event, HOOK_EVENTS) ?? "`rocky hooks list` names the events";
  reader.problem(event, `'${event}' is no event, so this hook never fires`, near, "warning");
};

/** `[hook.<event>]` runs commands, `[hook.webhooks.<event>]` calls URLs; both may be arrays of tables. */
export const decodeHooks = (root: TableReader): HooksConfig => {
  const shell: Record<string, readonly ShellHook[]> = {};
  const webhooks: Record<string, readonly WebhookHook[]> = {};
  root.child("hook", (reader) => {
    for (const event of Object.keys(reader.table)) {
      if (event === "webhooks") continue;
      warnUnknownEvent(reader, event);
      const entries = decodeEntries(reader, event, decodeShell);
      if (entries !== undefined) shell[event] = entries;
    }
    reader.child("webhooks", (child) => {
      for (const event of Object.keys(child.table)) {
        warnUnknownEvent(child, event);
        const entries = decodeEntries(child, event, decodeWebhook);
        if (entries !== undefined) webhooks[event] = entries;
      }
      return webhooks;
    });
    return shell;
  });
  return Object.freeze({ shell: Object.freeze(shell), webhooks: Object.freeze(webhooks) });
};
