import type { WireFloat } from "./float.ts";
import type { WireEnum, WireFilled, WireItems, WireObject, WireSet, WireStream, WireText } from "./nodes.ts";

/** What `parseJson` gives: JSON without loss. Objects keep Python's markers such as `__class__`. */
export type Json =
  | null
  | boolean
  | string
  | number
  | bigint
  | WireFloat
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What the writer takes: JSON, or the typed nodes that `wire` and its siblings make. */
export type WireValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | WireFloat
  | WireObject
  | WireFilled
  | WireEnum
  | WireSet
  | WireItems
  | WireText
  | WireStream
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };
