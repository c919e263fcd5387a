import type {
  LocationAnswer,
  LocationParameters,
  LocationRequest,
  LocationSummary,
} from "./code-location.ts";

/** First argument of a location thread. */
export interface ThreadData {
  readonly parameters: LocationParameters;
}

export type ToThread =
  | { readonly kind: "ask"; readonly id: number; readonly request: LocationRequest }
  | { readonly kind: "close" };

export type FromThread =
  | { readonly kind: "loaded"; readonly summary: LocationSummary }
  | { readonly kind: "failed"; readonly message: string; readonly payload: string }
  | { readonly kind: "answer"; readonly id: number; readonly answer: LocationAnswer };
