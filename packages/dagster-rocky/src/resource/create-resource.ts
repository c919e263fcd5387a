import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chooseEngine } from "./binary.ts";
import { createEmbeddedTransport } from "./embedded-transport.ts";
import { createHttpTransport } from "./http-transport.ts";
import type { RunResolvers } from "./modifiers.ts";
import { createRedactor } from "./redaction.ts";
import { createResource, type EngineAccess, type RockyResource } from "./rocky-resource.ts";
import { createSubprocessTransport } from "./subprocess-transport.ts";
import type { RockyTransport } from "./transport.ts";

/** The attributes of the component that describe its engine. */
export interface RockyResourceOptions {
  readonly binaryPath?: string;
  readonly configPath?: string;
  readonly statePath?: string;
  readonly stateNamespace?: string;
  readonly modelsDir?: string;
  readonly contractsDir?: string;
  readonly serverUrl?: string;
  readonly timeoutSeconds?: number;
  readonly strictDoctor?: boolean;
  readonly strictDoctorChecks?: readonly string[];
  readonly shadowSuffixFn?: RunResolvers["shadowSuffix"];
  readonly governanceOverrideFn?: RunResolvers["governanceOverride"];
  readonly idempotencyKeyFn?: RunResolvers["idempotencyKey"];
  readonly timeoutFn?: RunResolvers["timeoutSeconds"];
}

/** Where a resource lives. */
export interface ResourceSurroundings {
  /** Relative paths resolve here, and the engine runs here. */
  readonly projectRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The bearer token for `server_url` comes from the environment, so that it is in no file of the project. */
const SERVER_TOKEN = "ROCKY_SERVER_TOKEN";

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A missing configuration is the engine's to report, with its own words.
    return undefined;
  }
};

const open = (options: RockyResourceOptions, { projectRoot, env }: ResourceSurroundings): EngineAccess => {
  const configText = readText(resolve(projectRoot, options.configPath ?? "rocky.toml"));
  const redact = createRedactor(env, configText);
  const choice = chooseEngine(options.binaryPath ?? "rocky", env, projectRoot);
  const local: RockyTransport =
    choice.kind === "cli"
      ? createSubprocessTransport({ binary: choice.path, cwd: projectRoot, env, redact })
      : createEmbeddedTransport({ cwd: projectRoot, env, redact });
  const announcement =
    choice.kind === "cli"
      ? `Engine: ${choice.path}`
      : `Engine: the embedded one, in this process (${choice.reason})`;
  if (options.serverUrl === undefined) return { transport: local, redact, announcement };
  const token = env[SERVER_TOKEN];
  const transport = createHttpTransport({
    serverUrl: options.serverUrl,
    fallback: local,
    redact,
    ...(token === undefined ? {} : { token }),
  });
  return {
    transport,
    redact,
    announcement: `${announcement}; compile, lineage and metrics from ${transport.label}`,
  };
};

/** Never fails: the engine is looked for by the first call, so that assets load without one. */
export const createRockyResource = (
  options: RockyResourceOptions,
  surroundings: ResourceSurroundings,
): RockyResource => {
  const { shadowSuffixFn, governanceOverrideFn, idempotencyKeyFn, timeoutFn } = options;
  return createResource(
    {
      configPath: options.configPath ?? "rocky.toml",
      modelsDir: options.modelsDir ?? "models",
      ...(options.statePath === undefined ? {} : { statePath: options.statePath }),
      ...(options.stateNamespace === undefined ? {} : { stateNamespace: options.stateNamespace }),
      ...(options.contractsDir === undefined ? {} : { contractsDir: options.contractsDir }),
      projectRoot: surroundings.projectRoot,
      timeoutSeconds: options.timeoutSeconds ?? 3600,
      strictDoctor: options.strictDoctor ?? false,
      strictDoctorChecks: options.strictDoctorChecks ?? [],
      resolvers: {
        ...(shadowSuffixFn === undefined ? {} : { shadowSuffix: shadowSuffixFn }),
        ...(governanceOverrideFn === undefined ? {} : { governanceOverride: governanceOverrideFn }),
        ...(idempotencyKeyFn === undefined ? {} : { idempotencyKey: idempotencyKeyFn }),
        ...(timeoutFn === undefined ? {} : { timeoutSeconds: timeoutFn }),
      },
    },
    () => open(options, surroundings),
  );
};
