import { randomUUID } from "node:crypto";
import type { DefsStateInfo } from "../state/state-info.ts";
import { sameVersions } from "../state/state-info.ts";
import { errorInfo, wireText, writeWire } from "../wire/index.ts";
import {
  type CodeLocation,
  type LocationAnswer,
  LocationLoadError,
  type LocationParameters,
  type LocationRequest,
  type OpenLocation,
} from "./code-location.ts";
import type { AnswerCache } from "./answer-cache/answer-cache.ts";
import type { Verdict } from "./answer-cache/cached-location.ts";
import { errorAnswer } from "./error-answers.ts";
import { holdAnswers } from "./hold-answers.ts";
import { watchStateFiles } from "./watch-state.ts";

/** The location at one moment: one of these, swapped as a whole. */
type HostState =
  | { readonly kind: "loading" }
  | { readonly kind: "loaded"; readonly location: CodeLocation }
  | { readonly kind: "failed"; readonly error: LocationLoadError };

export interface ReloadOptions {
  /** State versions to load; undefined goes back to the newest ones. */
  readonly pinned?: DefsStateInfo | undefined;
}

export interface LocationHostOptions {
  readonly parameters: LocationParameters;
  readonly open: OpenLocation;
  readonly log: (message: string) => void;
  /** Answers of earlier loads; without it every start loads before it answers. */
  readonly answers?: AnswerCache;
}

const asLoadError = (error: unknown): LocationLoadError =>
  error instanceof LocationLoadError
    ? error
    : new LocationLoadError(
        error instanceof Error ? error.message : String(error),
        writeWire(errorInfo(error)),
      );

/**
 * Keeps one loaded location and replaces it on reload. Requests that come while nothing is loaded wait for the
 * load; during a reload the old location keeps answering until the new one is ready or has failed.
 */
export class LocationHost {
  readonly #options: LocationHostOptions;
  #state: HostState = { kind: "loading" };
  #serverId: string = randomUUID();
  #pinned: DefsStateInfo | undefined;
  #settled: Promise<void>;
  #running: Promise<void>;
  #queued: Promise<void> | undefined;
  readonly #retiring = new Set<Promise<void>>();
  readonly #stopWatching: () => void;

  constructor(options: LocationHostOptions) {
    this.#options = options;
    this.#pinned = options.parameters.pinned;
    this.#settled = this.#load();
    this.#running = this.#settled;
    this.#stopWatching = watchStateFiles(
      () => (this.#state.kind === "loaded" ? this.#state.location.summary.stateFiles : []),
      () => void this.#reloadAfterChange(),
    );
  }

  /** Changes whenever the definitions were replaced; the only thing that hosts poll. */
  get serverId(): string {
    return this.#serverId;
  }

  get pinned(): DefsStateInfo | undefined {
    return this.#pinned;
  }

  /** Resolves when the first load has ended, well or not. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  async ask(request: LocationRequest): Promise<LocationAnswer> {
    await this.#settled;
    const state = this.#state;
    switch (state.kind) {
      case "loaded":
        return state.location.ask(request);
      case "failed":
        return errorAnswer(request.kind, wireText(state.error.payload));
      case "loading":
        throw new Error("the location is still loading");
      default: {
        const never: never = state;
        throw new TypeError(`unknown state ${JSON.stringify(never)}`);
      }
    }
  }

  /**
   * Loads the project again. A load that began earlier may have read older files, so it is not waited for as
   * if it were this one; several callers that wait share the next.
   */
  reload(options: ReloadOptions = {}): Promise<void> {
    if ("pinned" in options) this.#pinned = options.pinned;
    this.#queued ??= this.#running.then(() => {
      this.#queued = undefined;
      this.#running = this.#load();
      return this.#running;
    });
    return this.#queued;
  }

  /** Reloads with these state versions; the same versions as now are not loaded again. */
  async reloadWithState(info: DefsStateInfo | undefined): Promise<string> {
    await this.#settled;
    if (this.#state.kind === "loaded" && sameVersions(info, this.#pinned)) return this.#serverId;
    await this.reload({ pinned: info });
    if (this.#state.kind === "failed") throw this.#state.error;
    return this.#serverId;
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await this.#running;
    if (this.#state.kind === "loaded") this.#retire(this.#state.location);
    await Promise.all(this.#retiring);
  }

  async #reloadAfterChange(): Promise<void> {
    if (this.#queued !== undefined) return;
    this.#options.log("the defs state changed on disk; reloading");
    await this.reload();
  }

  #retire(location: CodeLocation): void {
    const ended = location.close().catch(() => undefined);
    this.#retiring.add(ended);
    void ended.finally(() => this.#retiring.delete(ended));
  }

  #keeping(location: CodeLocation): CodeLocation {
    return this.#options.answers?.keep(location) ?? holdAnswers(location);
  }

  /** A first start may answer from an earlier load while the real one is made and compared. */
  async #openCached(open: () => Promise<CodeLocation>): Promise<CodeLocation | undefined> {
    const cached = await this.#options.answers?.find(open, (verdict) => {
      if (this.#state.kind !== "loaded" || this.#state.location !== cached) return;
      this.#settle(verdict);
    });
    return cached;
  }

  #settle(verdict: Verdict): void {
    if (verdict.kind === "failed") {
      const error = asLoadError(verdict.error);
      this.#options.log(`the code location could not be loaded: ${error.message}`);
      this.#state = { kind: "failed", error };
      this.#serverId = randomUUID();
      return;
    }
    if (verdict.kind === "same") return;
    const location = this.#keeping(verdict.location);
    this.#state = { kind: "loaded", location };
    void location.gone?.then((error) => this.#lose(location, error));
    this.#options.log(
      "the definitions differ from those of the last start; hosts are told to load them again",
    );
    this.#serverId = randomUUID();
  }

  #lose(location: CodeLocation, error: Error): void {
    if (this.#state.kind !== "loaded" || this.#state.location !== location) return;
    this.#options.log(`the code location ended by itself: ${error.message}`);
    this.#state = {
      kind: "failed",
      error: new LocationLoadError(error.message, writeWire(errorInfo(error))),
    };
    this.#serverId = randomUUID();
    this.#retire(location);
  }

  async #load(): Promise<void> {
    const before = this.#state;
    const { parameters, open, log } = this.#options;
    const { pinned: _given, ...rest } = parameters;
    const pinned = this.#pinned;
    const openNow = (): Promise<CodeLocation> =>
      open({ ...rest, ...(pinned === undefined ? {} : { pinned }) });
    try {
      const cached = before.kind === "loading" ? await this.#openCached(openNow) : undefined;
      const location = cached ?? this.#keeping(await openNow());
      this.#state = { kind: "loaded", location };
      void location.gone?.then((error) => this.#lose(location, error));
    } catch (error) {
      this.#state = { kind: "failed", error: asLoadError(error) };
      log(`the code location could not be loaded: ${this.#state.error.message}`);
    }
    if (before.kind === "loading") return;
    this.#serverId = randomUUID();
    // Nobody who asked for the new definitions waits for the old ones to end.
    if (before.kind === "loaded") this.#retire(before.location);
  }
}
