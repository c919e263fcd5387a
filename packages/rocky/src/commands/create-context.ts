import { resolve } from "node:path";
import { defaultConfig, loadConfig } from "../config/load.ts";
import { createRedactor, noRedaction, type Redactor } from "../config/redact.ts";
import type { RockyConfig } from "../config/types/config.ts";
import { formatLocation } from "../errors.ts";
import { nodeFiles } from "../node-files.ts";
import type { Files, FileWarning } from "../ports.ts";
import type { CommandContext, CommandSummary } from "./context.ts";
import { DEFAULT_CONFIG, type GlobalSettings } from "./globals.ts";
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

/** A file may be read more than once in a command; what is odd about it is said once. */
const onceEach = (say: (text: string, warning: FileWarning) => void): ((warning: FileWarning) => void) => {
  const said = new Set<string>();
  return (warning) => {
    const hint = warning.hint === undefined ? "" : `; ${warning.hint}`;
    const text = `${warning.message} (${formatLocation(warning)})${hint}`;
    if (said.has(text)) return;
    said.add(text);
    say(text, warning);
  };
};

/** Binds the outside world of one invocation to the settings its flags gave. */
export const createCommandContext = (
  outside: InvocationContext,
  settings: GlobalSettings,
  listCommands: () => Promise<readonly CommandSummary[]>,
): CommandContext => {
  const cwd = resolve(outside.cwd);
  let config: RockyConfig | undefined;
  let current = noRedaction;
  const redactor: Redactor = {
    text: (text) => current.text(text),
    value: (text) => current.value(text),
    payload: (payload) => current.payload(payload),
  };
  const emit = (event: EngineEvent): void => outside.onEvent?.(redactEvent(event, redactor));
  const warn = onceEach((text, { file, key }) =>
    emit({ level: "warn", message: text, fields: { file, key } }),
  );
  const files: Files = Object.freeze({ ...nodeFiles(cwd), warn });
  const load = (): RockyConfig => {
    if (config !== undefined) return config;
    const loaded = loadConfig(files, outside.env, settings.configPath);
    config = loaded;
    current = createRedactor(loaded.sensitive);
    for (const warning of loaded.warnings) warn({ ...warning, file: loaded.file });
    return loaded;
  };
  const hasConfig = (): boolean => files.kind(settings.configPath) === "file";
  const isOptional = (): boolean =>
    settings.configPath === DEFAULT_CONFIG && files.kind(settings.configPath) === undefined;
  return Object.freeze<CommandContext>({
    ...settings,
    cwd,
    env: outside.env,
    files,
    signal: outside.signal ?? new AbortController().signal,
    emit,
    loadConfig: load,
    loadProjectConfig: () => (isOptional() ? defaultConfig(outside.env, settings.configPath) : load()),
    hasConfig,
    redactor,
    listCommands,
  });
};
