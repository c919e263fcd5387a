import type { AssetKey, DynamicPartitionsRequest, SensorContext, SensorResult } from "@dagster-rocky/dagster";
import type { DiscoverOutput } from "../resource/outputs/discover.ts";
import type { RockyResource } from "../resource/rocky-resource.ts";
import type { DiscoveredSource } from "../translator/inputs.ts";
import { withoutTenant } from "../translator/tenant-source.ts";
import type { RockyDagsterTranslator } from "../translator/translator.ts";
import { hasRoom } from "./backlog.ts";
import { isNewer, readCursor, type SyncCursor, writeCursor } from "./cursor.ts";
import type { RockySourceSensorOptions } from "./options.ts";
import {
  perGroup,
  perSource,
  type RequestContext,
  type SourceRequest,
  type TriggeredSource,
} from "./requests.ts";
import { type TenantSettings, tenantRequests } from "./tenants.ts";

export interface TickSettings {
  readonly options: RockySourceSensorOptions;
  readonly sensorName: string;
  readonly translator: RockyDagsterTranslator;
  readonly tenant?: TenantSettings;
}

/** One tick: looks at the sources, asks for runs of those that synced, and remembers what it saw. */
export async function evaluateTick(
  settings: TickSettings,
  context: SensorContext,
  resource: RockyResource,
): Promise<SensorResult> {
  const { options } = settings;
  const discovered = await discover(options, context, resource);
  await reportFailures(settings, context, discovered);
  const seen = readCursor(context.cursor);
  const triggered = sourcesThatSynced(discovered.sources, seen);
  const cursor = { ...seen, ...Object.fromEntries(triggered.map((one) => [one.source.id, one.syncedAt])) };
  if (triggered.length === 0)
    return skip(settings, context, "No source has synced since the last look.", cursor);
  if (discovered.syncTrigger && !options.includeRockyTriggered) {
    return skip(settings, context, "These syncs were started by the engine itself.", cursor);
  }
  return request(settings, context, triggered, cursor);
}

const discover = (
  { discover }: RockySourceSensorOptions,
  context: SensorContext,
  resource: RockyResource,
): Promise<DiscoverOutput> =>
  discover
    ? discover(resource, context.signal, context.log)
    : resource.discover({}, { signal: context.signal });

function sourcesThatSynced(
  sources: readonly DiscoveredSource[],
  seen: SyncCursor,
): readonly TriggeredSource[] {
  return sources.flatMap((source) => {
    const syncedAt = source.lastSyncAt;
    if (!syncedAt) return [];
    return isNewer(syncedAt, seen[source.id]) ? [{ source, syncedAt }] : [];
  });
}

async function request(
  settings: TickSettings,
  context: SensorContext,
  triggered: readonly TriggeredSource[],
  cursor: SyncCursor,
): Promise<SensorResult> {
  const { options, tenant, translator } = settings;
  const about: RequestContext = { sensorName: settings.sensorName, assetKeysOf: assetKeys(settings) };
  const found = tenant
    ? await tenantRequests(triggered, about, tenant, translator, context)
    : {
        requests:
          options.granularity === "per_group"
            ? perGroup(triggered, about, (source) => translator.getGroupName(source))
            : perSource(triggered, about),
        postponed: [] as readonly TriggeredSource[],
      };
  const kept: SourceRequest[] = [];
  const unseen: TriggeredSource[] = [...found.postponed];
  for (const candidate of found.requests) {
    if (await hasRoom(options.backlogCap, candidate.request, settings.sensorName, context, kept))
      kept.push(candidate);
    // A sync that was held back must trigger again, or its data would wait for the next one.
    else unseen.push(...candidate.sources);
  }
  const remembered = rolledBack(cursor, unseen, readCursor(context.cursor));
  if (kept.length === 0)
    return skip(settings, context, "No run could be asked for; see the log.", remembered);
  for (const { request: runRequest, sources } of kept) {
    const emitted = { runRequest, sources: sources.map(({ source }) => source) };
    await hook(context, "onRunRequestEmitted", () => options.onRunRequestEmitted?.(Object.freeze(emitted)));
  }
  const dynamicPartitionsRequests: readonly DynamicPartitionsRequest[] =
    "addPartitions" in found && found.addPartitions && found.addPartitions.length > 0 && tenant
      ? [{ partitionsDefName: tenant.partitionsName, add: found.addPartitions }]
      : [];
  return {
    runRequests: kept.map((one) => one.request),
    cursor: writeCursor(remembered),
    ...(dynamicPartitionsRequests.length > 0 ? { dynamicPartitionsRequests } : {}),
  };
}

function assetKeys({
  options,
  translator,
  tenant,
}: TickSettings): (source: DiscoveredSource) => readonly AssetKey[] {
  if (options.assetKeysOf) return options.assetKeysOf;
  return (source) => {
    const shown = tenant ? withoutTenant(source, tenant.component) : source;
    return source.tables.map((table) => translator.getAssetKey(shown, table));
  };
}

function rolledBack(cursor: SyncCursor, unseen: readonly TriggeredSource[], before: SyncCursor): SyncCursor {
  const next: Record<string, string> = { ...cursor };
  for (const { source } of unseen) {
    const old = before[source.id];
    if (old === undefined) delete next[source.id];
    else next[source.id] = old;
  }
  return next;
}

async function skip(
  { options }: TickSettings,
  context: SensorContext,
  skipReason: string,
  cursor: SyncCursor,
): Promise<SensorResult> {
  await hook(context, "onSkip", () => options.onSkip?.(Object.freeze({ reason: skipReason })));
  return { skipReason, cursor: writeCursor(cursor) };
}

async function reportFailures(
  { options }: TickSettings,
  context: SensorContext,
  { failedSources }: DiscoverOutput,
): Promise<void> {
  if (failedSources.length === 0) return;
  const names = failedSources.map(({ id, errorClass }) => `${id} (${errorClass})`).join(", ");
  context.log.warn(`Sources that could not be discovered: ${names}`);
  await hook(context, "onFailedSources", () => options.onFailedSources?.(Object.freeze({ failedSources })));
}

/** A user's callback must not cost the tick its runs. */
async function hook(context: SensorContext, name: string, call: () => void | Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    context.log.warn(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
