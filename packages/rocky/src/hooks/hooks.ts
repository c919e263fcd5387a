import type { EngineEvent } from "../commands/invocation.ts";
import type { HookFailure, HooksConfig } from "../config/index.ts";
import type { Environment } from "../ports.ts";
import type { HookContext } from "./context.ts";
import { runShellHook } from "./shell.ts";
import { callWebhook } from "./webhook.ts";

export type HookResult =
  | { readonly status: "no_hooks" }
  | { readonly status: "continue" }
  /** A hook with `on_failure = "abort"` failed. */
  | { readonly status: "abort"; readonly reason: string };

/** Fires the hooks of a project. */
export interface Hooks {
  readonly has: (event: string) => boolean;
  /** Runs the event's hooks one after the other; stops at the first that asks to abort. */
  readonly fire: (context: HookContext) => Promise<HookResult>;
  /** Waits for webhooks marked `async`; call it once at the end. */
  readonly settle: () => Promise<void>;
}

export interface HookSurroundings {
  readonly cwd: string;
  readonly env: Environment;
  readonly emit: (event: EngineEvent) => void;
}

export const createHooks = (config: HooksConfig, around: HookSurroundings): Hooks => {
  const pending: Promise<void>[] = [];
  const shellOf = (event: string) => (Object.hasOwn(config.shell, event) ? (config.shell[event] ?? []) : []);
  const webhooksOf = (event: string) =>
    Object.hasOwn(config.webhooks, event) ? (config.webhooks[event] ?? []) : [];

  /** Reports a failure as its hook wants it; the reason to abort, if it wants that. */
  const report = (
    event: string,
    what: string,
    problem: string,
    onFailure: HookFailure,
  ): string | undefined => {
    const message = `hook ${event} failed: ${what} ${problem}`;
    if (onFailure !== "ignore")
      around.emit({
        level: onFailure === "abort" ? "error" : "warn",
        message,
        fields: { event: "hook_failed", hook: event },
      });
    return onFailure === "abort" ? message : undefined;
  };

  const fire = async (context: HookContext): Promise<HookResult> => {
    const { event } = context;
    const shell = shellOf(event);
    const webhooks = webhooksOf(event);
    if (shell.length + webhooks.length === 0) return { status: "no_hooks" };
    for (const hook of shell) {
      const problem = await runShellHook(hook, context, around);
      const reason =
        problem === undefined ? undefined : report(event, "the command", problem, hook.onFailure);
      if (reason !== undefined) return { status: "abort", reason };
    }
    for (const webhook of webhooks) {
      const call = callWebhook(webhook, context);
      if (webhook.async) {
        pending.push(
          call.then((problem) => {
            if (problem !== undefined) report(event, "the webhook", problem, webhook.onFailure);
          }),
        );
        continue;
      }
      const problem = await call;
      const reason =
        problem === undefined ? undefined : report(event, "the webhook", problem, webhook.onFailure);
      if (reason !== undefined) return { status: "abort", reason };
    }
    return { status: "continue" };
  };

  return Object.freeze<Hooks>({
    has: (event) => shellOf(event).length + webhooksOf(event).length > 0,
    fire,
    settle: async () => {
      await Promise.all(pending.splice(0));
    },
  });
};
