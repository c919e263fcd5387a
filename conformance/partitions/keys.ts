import { createHash } from "node:crypto";
import {
  cronPartitions,
  partitionKeys,
  partitionKeysInRange,
  partitionWindow,
} from "../../packages/dagster/src/index.ts";
import type { Case } from "./cases.ts";

const digest = (keys: readonly string[]): string => createHash("sha1").update(keys.join("\n")).digest("hex");

/** What `peer_keys.py` says about a definition. Throws what the definition's functions throw. */
export function keysOf(case_: Case): object {
  const definition = cronPartitions({
    cron: case_.cron,
    timezone: case_.timezone,
    start: case_.start,
    ...(case_.end === null ? {} : { end: case_.end }),
    format: case_.fmt,
    endOffset: case_.end_offset,
    exclusions: case_.exclusions.map((item) => (typeof item === "string" ? item : item.wall)),
  });
  const context = { now: case_.now, dynamicKeys: () => [] };
  const keys = partitionKeys(definition, context);
  const sample = case_.sample.flatMap((i) => keys[i] ?? []);
  const [first] = sample;
  const last = sample.at(-1);
  const windows = sample.map((key) => partitionWindow(definition, key));
  const range =
    first === undefined || last === undefined || sample.length < 2
      ? null
      : digest(partitionKeysInRange(definition, { start: first, end: last }, context));
  return {
    start: definition.start,
    end: definition.end ?? null,
    count: keys.length,
    head: keys.slice(0, 5),
    tail: keys.slice(-5),
    digest: digest(keys),
    windows: windows.map(({ start, end }) => [start, end] as const),
    range,
  };
}
