import type { Problem } from "./reader.ts";
import { isTable, type TomlTable } from "./toml.ts";

const PIPELINE_KEYS = ["source", "type", "models", "tables", "unique_key", "source_dir"] as const;

const ADAPTER_TABLES = new Set(["retry", "extra", "cache", "ratelimit", "stampede", "circuit_breaker"]);
const PIPELINE_TABLES = new Set([
  "source",
  "target",
  "checks",
  "execution",
  "schedule",
  "options",
  "contract",
]);

/**
 * True for a table that holds settings and nothing that could have a name of its own: then one that is missing is
 * mistyped, and the complaint should be about that.
 */
const holdsSettings = (table: TomlTable, tables: ReadonlySet<string>): boolean => {
  const entries = Object.entries(table);
  return (
    entries.some(([, value]) => !isTable(value)) &&
    entries.every(([key, value]) => !isTable(value) || tables.has(key))
  );
};

const unwrapAdapter = (root: TomlTable): TomlTable => {
  const adapter = root.adapter;
  if (!isTable(adapter)) return root;
  if (typeof adapter.type !== "string" && !holdsSettings(adapter, ADAPTER_TABLES)) return root;
  return { ...root, adapter: { default: adapter } };
};

/**
 * A key of a pipeline can also be the name of one: `[pipeline.source]` with a source inside is such a name, and so is
 * `[pipeline.models]`, because only `source` is ever a table.
 */
const isPipelineKey = (key: string, value: unknown): boolean => {
  if (!isTable(value)) return true;
  return key === "source" && !("source" in value || "type" in value);
};

const unwrapPipeline = (root: TomlTable): TomlTable => {
  const pipeline = root.pipeline;
  if (!isTable(pipeline)) return root;
  const direct = PIPELINE_KEYS.some(
    (key) => pipeline[key] !== undefined && isPipelineKey(key, pipeline[key]),
  );
  return direct || holdsSettings(pipeline, PIPELINE_TABLES)
    ? { ...root, pipeline: { default: pipeline } }
    : root;
};

/** `[adapter]` and `[pipeline]` without a name stand for the ones named `default`. */
export const expandShorthands = (root: TomlTable): TomlTable => unwrapPipeline(unwrapAdapter(root));

/** Paths in messages use the expanded names; the file may not have them. */
export const writtenPath = (root: TomlTable, path: readonly string[]): readonly string[] => {
  const [first, second, ...rest] = path;
  if (second !== "default" || (first !== "adapter" && first !== "pipeline")) return path;
  const table = root[first];
  return isTable(table) && table.default === undefined ? [first, ...rest] : path;
};

/** A replication pipeline without discovery uses the only adapter there is. */
export const onlyAdapter = (root: TomlTable): string | undefined => {
  const adapters = root.adapter;
  const names = isTable(adapters) ? Object.keys(adapters) : [];
  return names.length === 1 ? names[0] : undefined;
};

export type { Problem };
