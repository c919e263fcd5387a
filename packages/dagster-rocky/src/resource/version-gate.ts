import { statSync } from "node:fs";
import { RockyError } from "./errors.ts";
import type { EngineEvent, RockyTransport } from "./transport.ts";

/** The oldest engine whose output is understood. */
export const MIN_ROCKY_VERSION = "1.35.0";
/** Newer flags, by the engine release that brought them. */
export const FEATURE_FLOORS = {
  dagWithoutModels: "1.68.0",
  pipelineScopedModelRun: "1.69.0",
} as const;

const PROBE_TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;

export type VersionTriple = readonly [number, number, number];

/** `rocky 1.71.0-rc.1+x` and `1.71` both read; anything else is undefined. */
const parseVersion = (text: string): VersionTriple | undefined => {
  const token =
    text
      .trim()
      .replace(/^rocky\s+/, "")
      .split(/\s/)[0] ?? "";
  const parts = (token.split(/[-+]/)[0] ?? "").split(".").slice(0, 3);
  if (parts.length === 0 || !parts.every((part) => /^\d+$/.test(part))) return undefined;
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  return [major, minor, patch];
};

const isAtLeast = (version: VersionTriple, floor: string): boolean => {
  const [major, minor, patch] = parseVersion(floor) ?? [0, 0, 0];
  if (version[0] !== major) return version[0] > major;
  if (version[1] !== minor) return version[1] > minor;
  return version[2] >= patch;
};

/** A version is a fact about a file: it is asked once per file and change of it, not once per client. */
const known = new Map<string, Promise<VersionTriple | undefined>>();
const attempts = new Map<string, number>();

const identity = (path: string): string => {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${path}\0${mtimeMs}\0${size}`;
  } catch {
    return path;
  }
};

const probe = async (
  transport: RockyTransport,
  onEvent: ((event: EngineEvent) => void) | undefined,
): Promise<VersionTriple | undefined> => {
  let reason: string;
  try {
    const reply = await transport.invoke(["--version"], { timeoutMs: PROBE_TIMEOUT_MS });
    const version = reply.exitCode === 0 ? parseVersion(reply.stdout) : undefined;
    if (version !== undefined) return version;
    reason = `\`${transport.label} --version\` answered ${JSON.stringify(reply.stdout.slice(0, 80))}`;
  } catch (error) {
    if (error instanceof RockyError && error.kind === "binary") throw error;
    reason = error instanceof Error ? error.message : String(error);
  }
  onEvent?.({
    level: "warn",
    message: `The engine's version is unknown, going on without a check: ${reason}`,
  });
  return undefined;
};

/** The engine's version, or undefined when it could not be told (asked again on later calls, three times). */
const engineVersion = async (
  transport: RockyTransport,
  onEvent?: (event: EngineEvent) => void,
): Promise<VersionTriple | undefined> => {
  if (transport.versionKey === undefined) return undefined;
  const key = identity(transport.versionKey);
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const count = attempts.get(key) ?? 0;
  if (count >= ATTEMPTS) return undefined;
  attempts.set(key, count + 1);
  const asked = probe(transport, onEvent);
  known.set(key, asked);
  const version = await asked.catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  if (version === undefined) known.delete(key);
  return version;
};

/** Refuses an engine older than `floor`; an unknown version passes, with the warning already given. */
export const requireVersion = async (
  transport: RockyTransport,
  floor: string,
  onEvent?: (event: EngineEvent) => void,
): Promise<void> => {
  const version = await engineVersion(transport, onEvent);
  if (version === undefined || isAtLeast(version, floor)) return;
  const detected = version.join(".");
  throw new RockyError(
    "version",
    `${transport.label} is rocky ${detected}, but at least ${floor} is needed. Upgrade rocky, or leave binary_path ` +
      "at its default with no rocky on PATH to use the embedded engine.",
    { detected_version: detected, min_version: floor, binary_path: transport.label },
  );
};
