import type { JsonObject, JsonValue } from "../../definitions/metadata.ts";
import type { RunStep } from "../plan/run-plan.ts";
import { configSection } from "./run-row.ts";

/** Steps of one run that share a tag, and how many of them may run side by side. */
interface TagLimit {
  readonly key: string;
  /** Undefined: whatever the value. */
  readonly value: string | undefined;
  /** Each value has a limit of its own. */
  readonly perValue: boolean;
  readonly limit: number;
}

export interface TagLimits {
  /** Takes the step's places; false when a limit is reached. */
  take(step: RunStep): boolean;
  giveBack(step: RunStep): void;
}

/** The `tag_concurrency_limits` of the run config's executor, in the host's own form. */
export function tagLimits(config: JsonObject): TagLimits {
  const execution = configSection(config, "execution", "config");
  const { tag_concurrency_limits: given } = {
    ...execution,
    ...configSection(execution, "multiprocess"),
  };
  const limits = Array.isArray(given) ? given.flatMap(readLimit) : [];
  const used = new Map<string, number>();
  const placesOf = (step: RunStep): readonly { readonly place: string; readonly limit: number }[] =>
    limits.flatMap(({ key, value, perValue, limit }, index) => {
      const own = step.definition.opTags[key];
      if (own === undefined || (value !== undefined && value !== own)) return [];
      return [{ place: JSON.stringify(perValue ? [index, own] : [index]), limit }];
    });
  const add = (place: string, count: number): void => void used.set(place, (used.get(place) ?? 0) + count);
  return {
    take: (step) => {
      const places = placesOf(step);
      if (places.some(({ place, limit }) => (used.get(place) ?? 0) >= limit)) return false;
      for (const { place } of places) add(place, 1);
      return true;
    },
    giveBack: (step) => {
      for (const { place } of placesOf(step)) add(place, -1);
    },
  };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readLimit(given: JsonValue): readonly TagLimit[] {
  if (!isObject(given) || typeof given.key !== "string" || typeof given.limit !== "number") return [];
  const { key, value, limit } = given;
  const perValue = isObject(value) && value.applyLimitPerUniqueValue === true;
  return [{ key, value: typeof value === "string" ? value : undefined, perValue, limit }];
}
