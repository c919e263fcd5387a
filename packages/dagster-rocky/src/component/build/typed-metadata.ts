import type { JsonValue, Metadata, MetadataValue } from "@dagster-rocky/dagster";
import { invalid } from "../values.ts";

/** Gives plain metadata values their types, by the rule that `RawMetadataValue` documents. */
export function typedMetadata(input: Readonly<Record<string, unknown>>, at = "metadata"): Metadata {
  const typed: Record<string, MetadataValue> = {};
  for (const key in input) typed[key] = typedValue(input[key], `${at}.${key}`);
  return typed;
}

export const textMetadata = (text: string): MetadataValue => ({ kind: "text", text });

function typedValue(value: unknown, at: string): MetadataValue {
  switch (typeof value) {
    case "string":
      return textMetadata(value);
    case "boolean":
      return { kind: "bool", value };
    case "bigint":
      return { kind: "int", value };
    case "number":
      return Number.isSafeInteger(value) ? { kind: "int", value } : { kind: "float", value };
    case "object":
      if (value === null) return { kind: "null" };
      return isTyped(value) ? value : { kind: "json", data: value as JsonValue };
    default:
      throw invalid(at, `a ${typeof value} cannot be metadata`);
  }
}

const isTyped = (value: object): value is MetadataValue =>
  "kind" in value && typeof value.kind === "string" && KINDS.has(value.kind);

const KINDS: ReadonlySet<string> = new Set<MetadataValue["kind"]>([
  "text",
  "url",
  "path",
  "notebook",
  "json",
  "markdown",
  "float",
  "int",
  "bool",
  "timestamp",
  "null",
  "asset",
  "run",
  "table",
  "tableSchema",
  "columnLineage",
  "codeReferences",
  "pool",
]);
