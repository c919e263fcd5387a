import { coerceMetadataValue } from "../../definitions/coerce-metadata.ts";
import type { MetadataInput, RawMetadataValue } from "../../definitions/metadata.ts";
import { metadataValue } from "../../snapshot/metadata.ts";
import { writeWire } from "../../wire/index.ts";
import { StepError } from "../events/step-errors.ts";

/**
 * Throws when a value cannot be written as metadata, naming its label. JavaScript would silently write a date or a
 * map as `{}`, and leave a function out; what cannot be shown truly is not shown.
 */
export function checkMetadata(where: string, metadata: MetadataInput): void {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    throw new StepError(`${where}: metadata must be an object of labels and values, not ${named(metadata)}`);
  }
  for (const [label, value] of Object.entries(metadata)) {
    if (value === undefined) continue;
    const place = `${where}: metadata \`${label}\``;
    // A date by itself is a timestamp; inside of other values it would be lost.
    const problem = value instanceof Date ? undefined : problemOf(value, "", []);
    if (problem !== undefined) throw new StepError(`${place}${problem}`);
    requireWritable(place, value);
  }
}

function requireWritable(place: string, value: RawMetadataValue): void {
  try {
    writeWire(metadataValue(coerceMetadataValue(value)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StepError(`${place} cannot be written: ${reason}`, { cause: error });
  }
}

/** What is wrong with a value, and where inside it; `above` are the objects that hold it. */
function problemOf(value: unknown, path: string, above: readonly object[]): string | undefined {
  switch (typeof value) {
    case "function":
    case "symbol":
      return `${path} is ${named(value)}, which cannot be written`;
    case "object":
      return value === null ? undefined : objectProblem(value, path, above);
    default:
      return undefined;
  }
}

function objectProblem(value: object, path: string, above: readonly object[]): string | undefined {
  if (above.includes(value)) return `${path} holds itself, so that it has no end`;
  if (!Array.isArray(value) && !isPlain(value)) {
    const hint = value instanceof Date ? "; MetadataValue.timestamp takes its seconds" : "";
    return `${path} is ${named(value)}, of which nothing would be written${hint}`;
  }
  for (const [key, inner] of Object.entries(value)) {
    const problem = problemOf(inner, `${path}.${key}`, [...above, value]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return `a ${value.constructor?.name ?? "object"}`;
  return typeof value === "function" ? "a function" : `a ${typeof value}`;
}
