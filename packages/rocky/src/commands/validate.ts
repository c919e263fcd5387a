import { defineCommand } from "./command.ts";

export const validate = defineCommand({
  name: "validate",
  summary: "Check the configuration and the models without touching a warehouse",
  flags: {},
  positionals: [],
  run: (_args, context) => ({ payload: { adapters: context.loadConfig().adapters.length } }),
});
