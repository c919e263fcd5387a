import { RockyError } from "../errors.ts";
import type { Environment } from "../ports.ts";
import type { OutputFormat, Principal } from "./context.ts";
import { booleanFlag, choiceFlag, integerFlag, stringFlag } from "./flags.ts";

/** Accepted before and after the command's name. */
export const anywhereFlags = {
  output: choiceFlag("Output format; default json unless standard output is a terminal", [
    "json",
    "table",
    "md",
  ]),
  "cache-ttl": integerFlag("Seconds for which cached source schemas are trusted", { value: "SECS" }),
  principal: choiceFlag("Who asks: a human or an agent (also ROCKY_PRINCIPAL)", ["human", "agent"]),
  help: booleanFlag("Print help"),
};

/** Accepted only before the command's name. */
export const leadingFlags = {
  ...anywhereFlags,
  config: stringFlag("Path of the configuration file (default rocky.toml)", "FILE"),
  "state-path": stringFlag("Path of the state file, taken verbatim", "FILE"),
  "state-namespace": stringFlag("Name of a state file of its own below models/.rocky-state", "KEY"),
  version: booleanFlag("Print the version"),
};

/** Where the configuration is when `-c` does not say. */
export const DEFAULT_CONFIG = "rocky.toml";

/** A hint for each flag that stands behind the command although it goes before it, as typed. */
export const leadingOnly: ReadonlyMap<string, string> = new Map(
  [
    ["--config", "FILE"],
    ["-c", "FILE"],
    ["--state-path", "FILE"],
    ["--state-namespace", "KEY"],
  ].map(([flag, value]) => [String(flag), `it goes before the command: rocky ${flag} ${value} COMMAND`]),
);

export const leadingShorts = { c: "config", o: "output", h: "help", V: "version" };
export const anywhereShorts = { o: "output", h: "help" };

/** The global settings of one invocation, flags and environment merged. */
export interface GlobalSettings {
  readonly configPath: string;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  readonly cacheTtlSeconds?: number;
  readonly output: OutputFormat;
  readonly principal: Principal;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const resolvePrincipal = (flag: string | undefined, env: Environment): Principal => {
  const fromEnvironment = env.ROCKY_PRINCIPAL;
  if (fromEnvironment !== undefined && fromEnvironment !== "" && !/^(human|agent)$/.test(fromEnvironment))
    throw new RockyError("usage", `ROCKY_PRINCIPAL is '${fromEnvironment}'`, { hint: "use human or agent" });
  // The environment can only raise: an agent must not call itself human with a flag.
  return flag === "agent" || fromEnvironment === "agent" ? "agent" : "human";
};

/** Merges flag values read before and after the command's name; the later one wins. */
export const readGlobals = (
  leading: Readonly<Record<string, unknown>>,
  trailing: Readonly<Record<string, unknown>>,
  env: Environment,
  isTerminal: boolean,
): GlobalSettings => {
  const output = text(trailing.output) ?? text(leading.output);
  const cacheTtl = trailing["cache-ttl"] ?? leading["cache-ttl"];
  const statePath = text(leading["state-path"]);
  const stateNamespace = text(leading["state-namespace"]);
  return Object.freeze<GlobalSettings>({
    configPath: text(leading.config) ?? DEFAULT_CONFIG,
    ...(statePath === undefined ? {} : { statePath }),
    ...(stateNamespace === undefined ? {} : { stateNamespace }),
    ...(typeof cacheTtl === "number" ? { cacheTtlSeconds: cacheTtl } : {}),
    output:
      output === "json" || output === "table" || output === "md" ? output : isTerminal ? "table" : "json",
    principal: resolvePrincipal(text(trailing.principal) ?? text(leading.principal), env),
  });
};
