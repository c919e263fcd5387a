import type { JsonObject, JsonValue } from "../definitions/metadata.ts";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a run config, or a job's own, says about one op (`ops.<op>.config`). */
export function jobOpConfig(config: JsonObject | undefined, op: string): JsonObject | undefined {
  const ops = config?.ops;
  const entry = isObject(ops) ? ops[op] : undefined;
  const own = isObject(entry) ? entry.config : undefined;
  return isObject(own) ? own : undefined;
}
