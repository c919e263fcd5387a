import { partitionKeysInWindow, partitionWindow } from "../../definitions/partition-keys.ts";
import type { PartitionMapping, TimeWindowPartitionsDefinition } from "../../definitions/partitions.ts";
import {
  existingWindows,
  shiftByWindows,
  type TimeWindow,
  windowBegunBefore,
} from "../../definitions/time-windows.ts";

type WindowMapping = Extract<PartitionMapping, { kind: "timeWindow" }>;

/**
 * Upstream partitions whose windows overlap those of downstream partitions, which are moved by the mapping's offsets
 * first. Partitions in a row are one window, as for the host: offsets move its ends and not those of each partition.
 */
export function mapWindows(
  mapping: WindowMapping,
  upstream: TimeWindowPartitionsDefinition,
  downstream: TimeWindowPartitionsDefinition,
  keys: readonly string[],
  now: number,
): readonly string[] {
  const existing = existingWindows(upstream, now);
  if (existing === undefined) return [];
  const bounds = { start: existing.first.start, end: existing.last.end };
  const edge = (moment: number, count: number): number => {
    const moved = shiftByWindows(downstream, moment, count);
    if (count < 0) return Math.max(moved, bounds.start);
    return count > 0 ? Math.min(moved, bounds.end) : moved;
  };
  const found: string[] = [];
  for (const window of merged(keys.map((key) => partitionWindow(downstream, key)))) {
    const moved = {
      start: edge(window.start, mapping.startOffset),
      end: edge(window.end, mapping.endOffset),
    };
    const { start, end } = aligned(moved, upstream, downstream);
    if (start >= end || start > existing.last.start || end < existing.first.end) continue;
    const span = { start: Math.max(start, bounds.start), end: Math.min(end, bounds.end) };
    found.push(...partitionKeysInWindow(upstream, span));
  }
  return found;
}

/** Windows in order, those that touch each other as one. */
function merged(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  const found: TimeWindow[] = [];
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || window.start > last.end) found.push(window);
    else found[found.length - 1] = { start: last.start, end: Math.max(last.end, window.end) };
  }
  return found;
}

/** A window that begins or ends amid upstream windows takes in the whole of them. */
function aligned(
  window: TimeWindow,
  upstream: TimeWindowPartitionsDefinition,
  downstream: TimeWindowPartitionsDefinition,
): TimeWindow {
  if (upstream.cronSchedule === downstream.cronSchedule) return window;
  return {
    start: windowBegunBefore(upstream, window.start, true)?.start ?? window.start,
    end: windowBegunBefore(upstream, window.end, false)?.end ?? window.end,
  };
}
