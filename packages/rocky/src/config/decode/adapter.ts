import { compact, readTable, type Problem, type TableReader } from "../reader.ts";
import { createSecret, type Secret } from "../secret.ts";
import { isTable } from "../toml.ts";
import type { AdapterConfig, FivetranOptions, RetryConfig } from "../types/adapter.ts";

export const decodeRetry = (reader: TableReader): RetryConfig =>
  compact({
    maxRetries: reader.integer("max_retries") ?? 3,
    initialBackoffMs: reader.integer("initial_backoff_ms") ?? 1000,
    maxBackoffMs: reader.integer("max_backoff_ms") ?? 30_000,
    backoffMultiplier: reader.number("backoff_multiplier") ?? 2,
    jitter: reader.boolean("jitter", true),
    circuitBreakerThreshold: reader.integer("circuit_breaker_threshold") ?? 5,
    circuitBreakerRecoveryTimeoutSecs: reader.integer("circuit_breaker_recovery_timeout_secs"),
    maxRetriesPerRun: reader.integer("max_retries_per_run"),
  });

export const defaultRetry = (): RetryConfig => readTable({}, [], [], decodeRetry);

type Options = Readonly<Record<string, string | number>>;

const TEXTS = "text";
const NUMBERS = "number";

/** Reads a Fivetran sub-table: a backend, plus the keys that this backend needs. */
const decodeOptions =
  (
    backends: readonly string[],
    keys: Readonly<Record<string, typeof TEXTS | typeof NUMBERS>>,
    needs: Readonly<Record<string, string>>,
  ) =>
  (reader: TableReader): Options => {
    const options: Record<string, string | number> = {};
    const backend = reader.oneOf("backend", backends);
    if (backend !== undefined) options.backend = backend;
    for (const [key, kind] of Object.entries(keys)) {
      const value = kind === TEXTS ? reader.string(key) : reader.integer(key);
      if (value !== undefined) options[key] = value;
    }
    const needed = backend === undefined ? undefined : needs[backend];
    if (needed !== undefined && options[needed] === undefined)
      reader.broken(needed, `backend '${backend}' needs \`${needed}\``, `add ${needed}`);
    return Object.freeze(options);
  };

const decodeFivetran = (reader: TableReader): FivetranOptions =>
  compact({
    cache: reader.child(
      "cache",
      decodeOptions(
        ["none", "file", "object_store", "valkey", "tiered"],
        { file_root: TEXTS, object_store_url: TEXTS, valkey_url: TEXTS, valkey_ttl_seconds: NUMBERS },
        { file: "file_root", object_store: "object_store_url", valkey: "valkey_url", tiered: "valkey_url" },
      ),
    ),
    ratelimit: reader.child(
      "ratelimit",
      decodeOptions(
        ["file", "valkey"],
        { valkey_url: TEXTS, max_wake_seconds: NUMBERS },
        { valkey: "valkey_url" },
      ),
    ),
    stampede: reader.child(
      "stampede",
      decodeOptions(
        ["none", "valkey"],
        { valkey_url: TEXTS, lock_ttl_seconds: NUMBERS, poll_timeout_seconds: NUMBERS },
        { valkey: "valkey_url" },
      ),
    ),
    circuitBreaker: reader.child(
      "circuit_breaker",
      decodeOptions(
        ["none", "valkey"],
        {
          valkey_url: TEXTS,
          failure_threshold: NUMBERS,
          window_seconds: NUMBERS,
          cooldown_seconds: NUMBERS,
          cooldown_max_seconds: NUMBERS,
        },
        { valkey: "valkey_url" },
      ),
    ),
  });

const secret = (reader: TableReader, key: string): Secret | undefined => {
  const value = reader.string(key);
  return value === undefined ? undefined : createSecret(value);
};

const decodeAdapter =
  (name: string) =>
  (reader: TableReader): AdapterConfig =>
    compact({
      name,
      type: reader.requiredString("type"),
      kind: reader.oneOf("kind", ["data", "discovery"]),
      path: reader.string("path"),
      host: reader.string("host"),
      httpPath: reader.string("http_path"),
      account: reader.string("account"),
      warehouse: reader.string("warehouse"),
      database: reader.string("database"),
      role: reader.string("role"),
      projectId: reader.string("project_id"),
      location: reader.string("location"),
      username: reader.string("username"),
      privateKeyPath: reader.string("private_key_path"),
      clientId: reader.string("client_id"),
      destinationId: reader.string("destination_id"),
      token: secret(reader, "token"),
      clientSecret: secret(reader, "client_secret"),
      apiKey: secret(reader, "api_key"),
      apiSecret: secret(reader, "api_secret"),
      password: secret(reader, "password"),
      oauthToken: secret(reader, "oauth_token"),
      pat: secret(reader, "pat"),
      timeoutSecs: reader.integer("timeout_secs"),
      retry: reader.child("retry", decodeRetry) ?? defaultRetry(),
      fivetran: decodeFivetran(reader),
      extra: reader.map("extra", (value) => value),
    });

/** Every `[adapter.<name>]`, in file order. */
export const decodeAdapters = (value: unknown, problems: Problem[]): readonly AdapterConfig[] => {
  if (!isTable(value)) return Object.freeze([]);
  const adapters: AdapterConfig[] = [];
  for (const [name, table] of Object.entries(value)) {
    const path = ["adapter", name];
    if (isTable(table)) adapters.push(readTable(table, path, problems, decodeAdapter(name)));
    else
      problems.push({
        severity: "error",
        path,
        message: `unknown field \`${name}\` in \`adapter\``,
        hint: "a single unnamed adapter needs a `type` key directly under [adapter]; others are [adapter.<name>] tables",
      });
  }
  return Object.freeze(adapters);
};
