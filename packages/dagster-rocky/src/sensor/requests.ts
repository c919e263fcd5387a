import type { AssetKey, RunRequest } from "@dagster-rocky/dagster";
import type { DiscoveredSource } from "../translator/inputs.ts";
import { tagKey, tagValue } from "../translator/tags.ts";
import { instant, syncTime } from "./cursor.ts";

/** A source that has synced since it was last looked at. */
export interface TriggeredSource {
  readonly source: DiscoveredSource;
  readonly syncedAt: string;
}

/** A run request with the sources it is for: when it is not made, they stay unseen. */
export interface SourceRequest {
  readonly request: RunRequest;
  readonly sources: readonly TriggeredSource[];
}

/** Marks the runs of one sensor. */
export const SENSOR_TAG = "rocky/sensor";

export interface RequestContext {
  readonly sensorName: string;
  readonly assetKeysOf: (source: DiscoveredSource) => readonly AssetKey[];
}

/** One request for each source that has assets. */
export const perSource = (
  triggered: readonly TriggeredSource[],
  context: RequestContext,
): readonly SourceRequest[] => triggered.flatMap((one) => toRequest([one], context, ofSource(one, context)));

/** One request for each group, for all its triggered sources together. */
export function perGroup(
  triggered: readonly TriggeredSource[],
  context: RequestContext,
  groupOf: (source: DiscoveredSource) => string,
): readonly SourceRequest[] {
  const groups = new Map<string, TriggeredSource[]>();
  for (const one of triggered) {
    const group = groupOf(one.source);
    const known = groups.get(group);
    if (known) known.push(one);
    else groups.set(group, [one]);
  }
  return [...groups].flatMap(([group, sources]) => {
    const latest = sources.reduce((a, b) => (instant(a.syncedAt) >= instant(b.syncedAt) ? a : b)).syncedAt;
    return toRequest(sources, context, {
      runKey: `${group}-${syncTime(latest)}`,
      tags: {
        [SENSOR_TAG]: context.sensorName,
        "rocky/group": tagValue(group),
        "rocky/sync_at": syncTime(latest),
      },
    });
  });
}

/** One request for each source, for its tenant's partition. */
export function perTenant(
  one: TriggeredSource,
  context: RequestContext,
  tenant: { readonly component: string; readonly value: string; readonly partitionKey: string },
): readonly SourceRequest[] {
  const { runKey, tags } = ofSource(one, context);
  return toRequest([one], context, {
    runKey,
    partitionKey: tenant.partitionKey,
    tags: { ...tags, [tagKey(`rocky/${tenant.component}`)]: tagValue(tenant.value) },
  });
}

function ofSource(
  { source, syncedAt }: TriggeredSource,
  { sensorName }: RequestContext,
): { readonly runKey: string; readonly tags: Readonly<Record<string, string>> } {
  return {
    runKey: `${source.id}-${syncTime(syncedAt)}`,
    tags: { [SENSOR_TAG]: sensorName, "rocky/source_id": source.id, "rocky/sync_at": syncTime(syncedAt) },
  };
}

function toRequest(
  sources: readonly TriggeredSource[],
  context: RequestContext,
  request: RunRequest,
): readonly SourceRequest[] {
  const assetSelection = sources.flatMap(({ source }) => context.assetKeysOf(source));
  return assetSelection.length === 0 ? [] : [{ request: { ...request, assetSelection }, sources }];
}
