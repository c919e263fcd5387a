import { isObject } from "../json.ts";

/** Makes one value of a slot out of the engine's; `undefined` means that the engine left it out. */
export type SlotShape = (value: unknown) => unknown;

/** As the engine wrote it; `fallback` when it did not. */
export const keep =
  (fallback: unknown = null): SlotShape =>
  (value) =>
    value === undefined ? fallback : value;

/** An object with exactly these fields, in this order. */
export const fields = (shapes: Readonly<Record<string, SlotShape>>): SlotShape => {
  const entries = Object.entries(shapes);
  return (value) =>
    isObject(value) ? Object.fromEntries(entries.map(([name, shape]) => [name, shape(value[name])])) : value;
};

/** An object that keeps all its fields, with these defaults for those that are missing. */
export const withDefaults =
  (defaults: Readonly<Record<string, unknown>>): SlotShape =>
  (value) =>
    isObject(value) ? { ...defaults, ...value } : value;

/** A list; absent and null become the empty one. */
export const list =
  (item: SlotShape = keep()): SlotShape =>
  (value) =>
    Array.isArray(value) ? value.map(item) : (value ?? []);

/** A map from any key; absent and null become the empty one. */
export const map =
  (item: SlotShape = keep()): SlotShape =>
  (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, item(inner)]))
      : (value ?? {});

/** Null when the engine left it out. */
export const nullable =
  (shape: SlotShape): SlotShape =>
  (value) =>
    value === undefined || value === null ? null : shape(value);
