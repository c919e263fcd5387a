import { type AssetRef, keyOf } from "./asset-ref.ts";
import type { AssetKey } from "./keys.ts";
import type { MetadataInput } from "./metadata.ts";

export type AssetCheckSeverity = "WARN" | "ERROR";

/** The asset was written. */
export interface MaterializeResult {
  readonly kind: "materialize";
  readonly assetKey: AssetKey;
  readonly description?: string;
  readonly metadata: MetadataInput;
  readonly tags: Readonly<Record<string, string>>;
  /** Set for one partition of a ranged run; default: the run's partition, or one event per key of its range. */
  readonly partition?: string;
  /** A version given by the user; computed from code and input versions when absent. */
  readonly dataVersion?: string;
}

/** A check was evaluated; `passed` is the verdict, `severity` its weight when it failed. */
export interface AssetCheckResult {
  readonly kind: "check";
  readonly assetKey: AssetKey;
  readonly checkName: string;
  readonly passed: boolean;
  readonly severity: AssetCheckSeverity;
  readonly description?: string;
  readonly metadata: MetadataInput;
  readonly partition?: string;
}

/** Something was learned about an asset without writing it. */
export interface AssetObservation {
  readonly kind: "observe";
  readonly assetKey: AssetKey;
  readonly description?: string;
  readonly metadata: MetadataInput;
  readonly tags: Readonly<Record<string, string>>;
  readonly partition?: string;
  readonly dataVersion?: string;
}

export type AssetEvent = MaterializeResult | AssetCheckResult | AssetObservation;

/** What users write: the asset in any form, and defaults left out. */
type Given<T extends { readonly kind: string }, K extends keyof T> = Omit<T, "kind" | "assetKey" | K> &
  Partial<Pick<T, K>> & { readonly assetKey: AssetRef };

export const AssetEvent = {
  materialize: ({
    assetKey,
    ...event
  }: Given<MaterializeResult, "metadata" | "tags">): MaterializeResult => ({
    metadata: {},
    tags: {},
    ...event,
    assetKey: keyOf(assetKey, "a materialization"),
    kind: "materialize",
  }),
  check: ({ assetKey, ...event }: Given<AssetCheckResult, "metadata" | "severity">): AssetCheckResult => ({
    metadata: {},
    severity: "ERROR",
    ...event,
    assetKey: keyOf(assetKey, "a check result"),
    kind: "check",
  }),
  observe: ({ assetKey, ...event }: Given<AssetObservation, "metadata" | "tags">): AssetObservation => ({
    metadata: {},
    tags: {},
    ...event,
    assetKey: keyOf(assetKey, "an observation"),
    kind: "observe",
  }),
} as const;

/**
 * Thrown by user code to fail its step with a description and metadata that the UI shows.
 * `allowRetries: false` overrules the op's retry policy.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly metadata: MetadataInput;
  readonly allowRetries: boolean;

  constructor(
    description: string,
    options: { metadata?: MetadataInput; allowRetries?: boolean; cause?: unknown } = {},
  ) {
    super(description, options.cause === undefined ? undefined : { cause: options.cause });
    this.metadata = options.metadata ?? {};
    this.allowRetries = options.allowRetries ?? true;
  }
}

/** Thrown by user code to ask for another attempt; `secondsToWait` defaults to 0, `maxRetries` to 1. */
export class RetryRequested extends Error {
  override readonly name = "RetryRequested";
  readonly maxRetries: number;
  readonly secondsToWait: number;

  constructor(
    message: string,
    options: { maxRetries?: number; secondsToWait?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.maxRetries = options.maxRetries ?? 1;
    this.secondsToWait = options.secondsToWait ?? 0;
  }
}
