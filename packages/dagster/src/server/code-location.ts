import type { WatchedFile } from "../state/fingerprint.ts";
import type { InputLooks } from "./answer-cache/input-prints.ts";
import type { Spool } from "./spool.ts";
import type { DefsStateInfo } from "../state/state-info.ts";

/** What the host may ask of a loaded location. `args` is the host's serialised argument object. */
export type LocationRequest =
  | { readonly kind: "listRepositories" }
  | { readonly kind: "repository"; readonly deferSnapshots: boolean }
  | { readonly kind: "job"; readonly jobName: string }
  | { readonly kind: ArgumentRequestKind; readonly args: string };

export type ArgumentRequestKind =
  | "subset"
  | "plan"
  | "partitionNames"
  | "partitionConfig"
  | "partitionTags"
  | "partitionSetParams"
  | "schedule"
  | "sensor";

export type LocationRequestKind = LocationRequest["kind"];

/** Serialised text as ASCII bytes, in pieces of at most `CHUNK_CHARACTERS`. */
export interface LocationAnswer {
  /** True for a typed error payload; the method decides where it goes. */
  readonly isError: boolean;
  /** May still grow. A piece is valid until the next one is asked for. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What the server itself must know about a location that was loaded. */
export interface LocationSummary {
  readonly name: string;
  readonly stateInfo?: DefsStateInfo;
  /** Local state files with what was seen of them when they were read. */
  readonly stateFiles: readonly WatchedFile[];
  /** What the load looked at; absent when its answers must not be kept for a later start. */
  readonly inputs?: InputLooks;
}

/** A location that was loaded once. It answers in texts, so that it may live in another thread. */
export interface CodeLocation {
  readonly summary: LocationSummary;
  /** Resolves if the location ends by itself: its thread crashed or ran out of memory. */
  readonly gone?: Promise<Error>;
  /** With a spool, an answer of any size is written there and given as soon as it begins. */
  ask(request: LocationRequest, spool?: Spool): Promise<LocationAnswer>;
  close(): Promise<void>;
}

/** Everything a thread needs to load the location; plain data. */
export interface LocationParameters {
  readonly projectRoot: string;
  readonly registryModule?: string;
  /** Serialised `InstanceRef`, when the host or the environment named an instance. */
  readonly instanceRef?: string;
  /** State versions to load instead of the newest. */
  readonly pinned?: DefsStateInfo;
  readonly identity: LocationIdentity;
}

/** How launched runs find their way back to this code; told to the host with the repository list. */
export interface LocationIdentity {
  /** Program and first arguments that answer `api execute_run`. */
  readonly entryPoint: readonly string[];
  readonly executablePath: string;
  readonly containerImage?: string;
  /** The host's JSON, passed through unread. */
  readonly containerContext?: string;
}

/** A load that failed, with the payload that shows it to the user. */
export class LocationLoadError extends Error {
  override readonly name = "LocationLoadError";
  /** Serialised `SerializableErrorInfo`. */
  readonly payload: string;

  constructor(message: string, payload: string) {
    super(message);
    this.payload = payload;
  }
}

/** Loads a location; fails with a `LocationLoadError`. */
export type OpenLocation = (parameters: LocationParameters) => Promise<CodeLocation>;
