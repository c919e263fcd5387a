import { openCommandState } from "../run/environment.ts";
import { listWatermarks } from "../state/watermarks.ts";
import { ENGINE_VERSION, STATE_SCHEMA_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import type { CommandContext } from "./context.ts";

const show = async (context: CommandContext) => {
  using state = await openCommandState(context, "read");
  const watermarks = await listWatermarks(state);
  return {
    payload: {
      version: ENGINE_VERSION,
      command: "state",
      watermarks: watermarks.map(({ table, value, updatedAt }) => ({
        table,
        last_value: value,
        updated_at: updatedAt,
      })),
      schema_version_supported: STATE_SCHEMA_VERSION,
      schema_version_on_disk: state.exists ? STATE_SCHEMA_VERSION : null,
    },
    table: () =>
      watermarks.length === 0
        ? "no watermarks\n"
        : `${watermarks.map(({ table, value }) => `${table}  ${value}`).join("\n")}\n`,
  };
};

export const state = defineCommand({
  name: "state",
  summary: "Show how far each replicated table has come",
  flags: {},
  positionals: [],
  run: (_args, context) => show(context),
});

export const stateShow = defineCommand({
  name: "state show",
  summary: "Show how far each replicated table has come",
  flags: {},
  positionals: [],
  run: (_args, context) => show(context),
});
