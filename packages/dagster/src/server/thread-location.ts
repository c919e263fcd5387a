import type { Worker } from "node:worker_threads";
import { errorInfo, writeWire } from "../wire/index.ts";
import {
  type CodeLocation,
  type LocationAnswer,
  LocationLoadError,
  type LocationParameters,
  type LocationRequest,
  type LocationSummary,
} from "./code-location.ts";
import type { Spool } from "./spool.ts";
import type { FromThread, ThreadAnswer, ToThread } from "./thread-messages.ts";

interface Pending {
  readonly resolve: (answer: LocationAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly spool: Spool | undefined;
}

/** Why a thread ended; where it had too little memory, how to give it more. */
const threadError = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new Error(
    "the definitions of this code location need more memory than their thread may take. " +
      "Start the server with more, for example NODE_OPTIONS=--max-old-space-size=8000 (megabytes).",
    { cause: error },
  );
};

/** The main thread's side of a location thread. */
class ThreadLocation implements CodeLocation {
  readonly summary: LocationSummary;
  readonly gone: Promise<Error>;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #isClosing = false;
  #idle: (() => void) | undefined;

  constructor(worker: Worker, summary: LocationSummary) {
    this.#worker = worker;
    this.summary = summary;
    worker.on("message", (message: FromThread) => {
      this.#receive(message);
    });
    this.#ended = new Promise((resolve) => worker.once("exit", () => resolve()));
    this.gone = new Promise((resolve) => {
      const end = (error: Error): void => {
        for (const id of [...this.#pending.keys()]) this.#fail(id, error);
        if (!this.#isClosing) resolve(error);
      };
      worker.once("error", (error) => end(threadError(error)));
      worker.once("exit", (code) =>
        end(new Error(`the thread of the code location ended with code ${code}`)),
      );
    });
  }

  ask(request: LocationRequest, spool?: Spool): Promise<LocationAnswer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, spool });
      const target = spool === undefined ? {} : { spool: { file: spool.file } };
      this.#worker.postMessage({ kind: "ask", id, request, ...target } satisfies ToThread);
    });
  }

  /** Requests that were begun on these definitions are still answered by them. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#worker.postMessage({ kind: "close" } satisfies ToThread);
    const timer = setTimeout(() => void this.#worker.terminate(), 2_000);
    await this.#ended;
    clearTimeout(timer);
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case "grew":
        this.#begin(message.id, (spool) => spool.grew(message.bytes));
        break;
      case "piece":
        this.#begin(message.id, (spool) => spool.hold(message.piece));
        break;
      case "answer":
        this.#finish(message.id, message.answer);
        break;
      case "loaded":
      case "failed":
        break;
      default:
        message satisfies never;
    }
  }

  #begin(id: number, grow: (spool: Spool) => void): void {
    const pending = this.#pending.get(id);
    if (pending?.spool === undefined) return;
    grow(pending.spool);
    // Resolving again does nothing.
    pending.resolve({ isError: false, chunks: pending.spool.chunks });
  }

  #finish(id: number, answer: ThreadAnswer): void {
    this.#end(id, ({ resolve, spool }) => {
      if (answer.isError) spool?.fail(new Error("the answer could not be completed; the log says why"));
      else spool?.finish();
      resolve(answer.isError || spool === undefined ? answer : { isError: false, chunks: spool.chunks });
    });
  }

  #fail(id: number, error: Error): void {
    this.#end(id, ({ reject, spool }) => {
      spool?.fail(error);
      reject(error);
    });
  }

  #end(id: number, act: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    act(pending);
    if (this.#pending.size === 0) this.#idle?.();
  }
}

/** Loads the location in a thread of its own, so that the server never misses a poll of its host. */
export const openThreadLocation = (worker: Worker, parameters: LocationParameters): Promise<CodeLocation> =>
  new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const reason = threadError(error);
      reject(new LocationLoadError(reason.message, writeWire(errorInfo(reason))));
    };
    const onExit = (code: number): void => fail(new Error(`the loading thread ended with code ${code}`));
    worker.once("error", fail);
    worker.once("exit", onExit);
    worker.once("message", (message: FromThread) => {
      worker.off("error", fail);
      worker.off("exit", onExit);
      if (message.kind === "loaded") resolve(new ThreadLocation(worker, message.summary));
      else if (message.kind === "failed") reject(new LocationLoadError(message.message, message.payload));
    });
    worker.postMessage({ kind: "load", parameters } satisfies ToThread);
  });
