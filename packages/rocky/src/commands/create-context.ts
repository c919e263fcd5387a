import { resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import { createRedactor, noRedaction, type Redactor } from "../config/redact.ts";
import type { RockyConfig } from "../config/types/config.ts";
import { nodeFiles } from "../node-files.ts";
import type { CommandContext, CommandSummary } from "./context.ts";
import type { GlobalSettings } from "./globals.ts";
import type { EngineEvent, InvocationContext } from "./invocation.ts";

const redactEvent = (event: EngineEvent, redactor: Redactor): EngineEvent => {
  const fields =
    event.fields === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries(event.fields).map(([key, value]) => [
            key,
            typeof value === "string" ? redactor.text(value) : value,
          ]),
        );
  return {
    level: event.level,
    message: redactor.text(event.message),
    ...(fields === undefined ? {} : { fields }),
  };
};

/** Binds the outside world of one invocation to the settings its flags gave. */
export const createCommandContext = (
  outside: InvocationContext,
  settings: GlobalSettings,
  listCommands: () => Promise<readonly CommandSummary[]>,
): CommandContext => {
  const cwd = resolve(outside.cwd);
  const files = nodeFiles(cwd);
  let config: RockyConfig | undefined;
  let current = noRedaction;
  const redactor: Redactor = {
    text: (text) => current.text(text),
    value: (text) => current.value(text),
    payload: (payload) => current.payload(payload),
  };
  const emit = (event: EngineEvent): void => outside.onEvent?.(redactEvent(event, redactor));
  const load = (): RockyConfig => {
    if (config !== undefined) return config;
    const loaded = loadConfig(files, outside.env, settings.configPath);
    config = loaded;
    current = createRedactor(loaded.sensitive);
    for (const warning of loaded.warnings)
      emit({ level: "warn", message: warning.message, fields: { file: loaded.file, key: warning.key } });
    return loaded;
  };
  return Object.freeze<CommandContext>({
    ...settings,
    cwd,
    env: outside.env,
    files,
    signal: outside.signal ?? new AbortController().signal,
    emit,
    loadConfig: load,
    hasConfig: () => files.kind(settings.configPath) === "file",
    redactor,
    listCommands,
  });
};
