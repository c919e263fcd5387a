import { renderTable } from "../output/table.ts";
import type { HooksListOutput } from "../output/schemas/hooks-list.ts";
import { defineCommand } from "./command.ts";

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const hooksList = defineCommand({
  name: "hooks list",
  summary: "List the commands that run on events",
  flags: {},
  positionals: [],
  run: (_args, context) => {
    const { hooks: config } = context.loadConfig();
    const hooks = Object.entries(config.shell).flatMap(([event, entries]) =>
      entries.map((hook) => ({
        event,
        command: context.redactor.text(hook.command),
        timeout_ms: hook.timeoutMs,
        on_failure: capital(hook.onFailure),
        env_keys: Object.keys(hook.env),
      })),
    );
    const output: HooksListOutput = { hooks, total: hooks.length };
    const webhooks = Object.entries(config.webhooks).flatMap(([event, entries]) =>
      entries.map((webhook) => [
        event,
        context.redactor.text(`${webhook.method} ${webhook.url}`),
        webhook.onFailure,
      ]),
    );
    const rows = [
      ...hooks.map((hook) => [hook.event, hook.command, hook.on_failure.toLowerCase()]),
      ...webhooks,
    ];
    return {
      payload: output,
      table: () =>
        rows.length === 0 ? "No hooks configured.\n" : renderTable(["EVENT", "CALLS", "ON FAILURE"], rows),
    };
  },
});
