import { HOOK_EVENTS } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { createHooks, type HookResult } from "../hooks/hooks.ts";
import type { HooksTestOutput } from "../output/schemas/hooks-test.ts";
import { didYouMean } from "../suggest.ts";
import { defineCommand } from "./command.ts";

const toOutput = (event: string, result: HookResult): HooksTestOutput => {
  switch (result.status) {
    case "no_hooks":
      return { event, status: "no_hooks", message: `No hooks configured for ${event}` };
    case "continue":
      return { event, status: "continue", result: "Continue" };
    case "abort":
      return { event, status: "abort", result: result.reason };
    default:
      return result satisfies never;
  }
};

export const hooksTest = defineCommand({
  name: "hooks test",
  summary: "Fire an event with made-up values to try its hooks",
  flags: {},
  positionals: [{ name: "event", help: "Event key, such as on_pipeline_error" }],
  run: async ({ positionals: { event } }, context) => {
    const config = context.loadConfig();
    if (!HOOK_EVENTS.has(event))
      throw new RockyError("unknown_name", `unknown hook event '${event}'`, {
        hint: didYouMean(event, HOOK_EVENTS) ?? `one of ${[...HOOK_EVENTS].join(", ")}`,
      });
    const hooks = createHooks(config.hooks, context);
    const result = await hooks.fire({
      event,
      runId: "test-run-id",
      pipeline: config.pipelines[0]?.name ?? "test",
      timestamp: new Date(),
      table: "catalog.schema.table",
      model: "example_model",
      durationMs: 1234,
      metadata: { test: true },
    });
    await hooks.settle();
    const output = toOutput(event, result);
    return { payload: output, table: () => `${output.message ?? output.result ?? output.status}\n` };
  },
});
