import type { LocationParameters, LocationRequest, LocationSummary } from "./code-location.ts";

/** An answer that is whole; its pieces are elsewhere when it was written to a spool. */
export interface ThreadAnswer {
  readonly isError: boolean;
  readonly chunks: readonly Uint8Array[];
}

/** What a location thread is started with, before it is known what to load. */
export interface ThreadData {
  /** Imported at once, as far as that goes. */
  readonly registryModule?: string;
}

/** Where the thread writes an answer: a descriptor, which all threads share; without one it sends the pieces. */
export interface SpoolFile {
  readonly file: number | undefined;
}

export type ToThread =
  | { readonly kind: "load"; readonly parameters: LocationParameters }
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly request: LocationRequest;
      readonly spool?: SpoolFile;
    }
  | { readonly kind: "close" };

export type FromThread =
  | { readonly kind: "loaded"; readonly summary: LocationSummary }
  | { readonly kind: "failed"; readonly message: string; readonly payload: string }
  | { readonly kind: "grew"; readonly id: number; readonly bytes: number }
  | { readonly kind: "piece"; readonly id: number; readonly piece: Uint8Array }
  | { readonly kind: "answer"; readonly id: number; readonly answer: ThreadAnswer };
