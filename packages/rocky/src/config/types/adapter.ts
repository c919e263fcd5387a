import type { Secret } from "../secret.ts";

export type AdapterRole = "data" | "discovery";

/** Backoff between attempts. Times in milliseconds unless the name says seconds. */
export interface RetryConfig {
  readonly maxRetries: number;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly backoffMultiplier: number;
  readonly jitter: boolean;
  /** Consecutive failures that open the breaker; 0 turns it off. */
  readonly circuitBreakerThreshold: number;
  readonly circuitBreakerRecoveryTimeoutSecs?: number;
  readonly maxRetriesPerRun?: number;
}

/** Fivetran sub-tables are kept as parsed values: only that adapter reads them. */
export interface FivetranOptions {
  readonly cache?: Readonly<Record<string, string | number>>;
  readonly ratelimit?: Readonly<Record<string, string | number>>;
  readonly stampede?: Readonly<Record<string, string | number>>;
  readonly circuitBreaker?: Readonly<Record<string, string | number>>;
}

/** One `[adapter.<name>]`. The type stays a string so that `validate` can report an unknown one. */
export interface AdapterConfig {
  readonly name: string;
  readonly type: string;
  /** As declared; undefined when the table says nothing. */
  readonly kind?: AdapterRole;
  /** DuckDB database file as written in the config (see `resolveAdapterPath`); in memory when absent. */
  readonly path?: string;
  readonly host?: string;
  readonly httpPath?: string;
  readonly account?: string;
  readonly warehouse?: string;
  readonly database?: string;
  readonly role?: string;
  readonly projectId?: string;
  readonly location?: string;
  readonly username?: string;
  readonly privateKeyPath?: string;
  readonly clientId?: string;
  readonly destinationId?: string;
  readonly token?: Secret;
  readonly clientSecret?: Secret;
  readonly apiKey?: Secret;
  readonly apiSecret?: Secret;
  readonly password?: Secret;
  readonly oauthToken?: Secret;
  readonly pat?: Secret;
  readonly timeoutSecs?: number;
  readonly retry: RetryConfig;
  readonly fivetran: FivetranOptions;
  /** `[adapter.<name>.extra]`, free form. */
  readonly extra: Readonly<Record<string, unknown>>;
}
