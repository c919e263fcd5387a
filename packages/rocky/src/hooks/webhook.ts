import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebhookHook } from "../config/index.ts";
import { type HookContext, hookPayload } from "./context.ts";
import { bodyTemplateOf } from "./presets.ts";
import { renderTemplate } from "./template.ts";

// However retries and timeouts are set, one webhook must not hold up a run for longer than this.
const LONGEST_MS = 120_000;
const LONGEST_PAUSE_MS = 30_000;

const send = async (webhook: WebhookHook, body: string, deadline: number): Promise<string | undefined> => {
  const timeout = Math.max(1, Math.min(webhook.timeoutMs, deadline - Date.now()));
  const signature =
    webhook.secret === undefined
      ? {}
      : {
          "X-Rocky-Signature": `sha256=${createHmac("sha256", webhook.secret.reveal()).update(body).digest("hex")}`,
        };
  try {
    const response = await fetch(webhook.url, {
      method: webhook.method,
      headers: { "Content-Type": "application/json", ...webhook.headers, ...signature },
      ...(webhook.method === "GET" || webhook.method === "HEAD" ? {} : { body }),
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `answered with status ${response.status}`;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "TimeoutError") return `no answer within ${timeout} ms`;
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    return cause instanceof Error ? cause.message : String(cause);
  }
};

/** Calls a webhook with its retries; resolves to what went wrong in the end, or undefined. */
export const callWebhook = async (
  webhook: WebhookHook,
  context: HookContext,
): Promise<string | undefined> => {
  const template = bodyTemplateOf(webhook);
  const body =
    template === undefined ? JSON.stringify(hookPayload(context)) : renderTemplate(template, context);
  const deadline = Date.now() + LONGEST_MS;
  let problem: string | undefined;
  for (let attempt = 0; attempt <= webhook.retryCount; attempt += 1) {
    if (attempt > 0) {
      const pause = Math.min(webhook.retryDelayMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
      if (Date.now() + pause >= deadline) break;
      await sleep(pause);
    }
    problem = await send(webhook, body, deadline);
    if (problem === undefined) return undefined;
  }
  return problem;
};
