import { type AssetRef, keyOf, keysOf } from "../definitions/asset-ref.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { type SensorOptions, type SensorReturn, sensorOf } from "../definitions/instigator-factories.ts";
import type { InstanceReader, MaterializationEvent } from "../definitions/instance-reader.ts";
import type { SensorContext, SensorDefinition, WithResources } from "../definitions/instigators.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { ResourceMap } from "../definitions/resources.ts";
import { withoutCursor } from "./managed-cursor.ts";
import { type AssetPlace, readPlaces, START, writePlaces } from "./multi-asset-cursor.ts";

/** Events read at once. */
const BATCH = 1000;
/** Dagster's own limit of unconsumed partitions that a cursor remembers per asset. */
const MAX_TRAILING = 25;

export interface MultiAssetSensorOptions<R extends ResourceMap = ResourceMap> extends SensorOptions<R> {
  /** The assets to watch; they may be made in other code locations. */
  readonly assets: readonly AssetRef[];
}

/** What a multi-asset sensor sees: materializations that it has not consumed yet. */
export interface MultiAssetSensorContext extends SensorContext {
  readonly assetKeys: readonly AssetKey[];
  /** The newest materialization, unless it is consumed. */
  latest(asset: AssetRef): Promise<MaterializationEvent | undefined>;
  /** Materializations after the consumed ones, oldest first. */
  since(asset: AssetRef, limit?: number): Promise<readonly MaterializationEvent[]>;
  /** The newest unconsumed materialization of each partition, those left behind included. */
  latestByPartition(asset: AssetRef): Promise<ReadonlyMap<string, MaterializationEvent>>;
  /** Materializations of partitions that were left behind when a newer event was consumed, oldest first. */
  leftBehind(asset: AssetRef): Promise<readonly MaterializationEvent[]>;
  /** Partition of the newest consumed materialization. */
  cursorPartition(asset: AssetRef): string | undefined;
  /**
   * Consumes these events: they do not come again. Older events of the same partition are consumed with
   * them; older events of other partitions are left behind, 24 partitions at most.
   */
  consume(...events: readonly MaterializationEvent[]): void;
  /** Consumes everything there is. */
  consumeAll(): Promise<void>;
}

/** Looks at new materializations of several assets; its function decides which of them it has dealt with. */
export function multiAssetSensor<R extends ResourceMap = Record<never, never>>(
  options: MultiAssetSensorOptions<R>,
  run: (context: WithResources<MultiAssetSensorContext, R>) => SensorReturn | Promise<SensorReturn>,
): SensorDefinition {
  const keys = options.assets.flatMap(keysOf);
  if (keys.length === 0)
    throw new DefinitionsError(`sensor \`${options.name}\` must watch at least one asset`);
  return sensorOf(
    options,
    "MULTI_ASSET",
    async (context) => {
      const tick = createTick(options.name, keys, context);
      const result = withoutCursor(
        options.name,
        await run(tick.context as WithResources<MultiAssetSensorContext, R>),
      );
      const cursor = await tick.cursor();
      return cursor === undefined ? result : { ...result, cursor };
    },
    keys,
  );
}

interface Tick {
  readonly context: MultiAssetSensorContext;
  /** Undefined when nothing was consumed. */
  cursor(): Promise<string | undefined>;
}

function createTick(name: string, keys: readonly AssetKey[], base: SensorContext): Tick {
  const { instance } = base;
  const places = readPlaces(keys, base.cursor);
  const consumed = new Map<string, Map<number, MaterializationEvent>>();
  let everything = false;

  const watched = (asset: AssetRef): { readonly key: AssetKey; readonly place: AssetPlace } => {
    const key = keyOf(asset, `sensor \`${name}\``);
    const place = places.get(AssetKey.id(key));
    if (place !== undefined) return { key, place };
    throw new DefinitionsError(`sensor \`${name}\` does not watch asset \`${AssetKey.toUserString(key)}\``);
  };
  const latest = async (asset: AssetRef): Promise<MaterializationEvent | undefined> => {
    const { key, place } = watched(asset);
    const [event] = await instance.materializations({
      asset: key,
      afterId: place.eventId ?? 0,
      newestFirst: true,
      limit: 1,
    });
    return event;
  };
  const consume = (...events: readonly MaterializationEvent[]): void => {
    for (const event of events) {
      const id = AssetKey.id(watched(event.assetKey).key);
      const known = consumed.get(id) ?? new Map<number, MaterializationEvent>();
      consumed.set(id, known.set(event.eventId, event));
    }
  };

  return {
    context: {
      ...base,
      assetKeys: keys,
      latest,
      since: (asset, limit) => {
        const { key, place } = watched(asset);
        return instance.materializations({
          asset: key,
          afterId: place.eventId ?? 0,
          ...(limit === undefined ? {} : { limit }),
        });
      },
      leftBehind: (asset) => {
        const { key, place } = watched(asset);
        return leftBehind(instance, key, place);
      },
      latestByPartition: async (asset) => {
        const { key, place } = watched(asset);
        const found = new Map<string, MaterializationEvent>();
        const add = (event: MaterializationEvent): void => {
          if (event.partition === undefined) return;
          // Deleted first, so that the map keeps the order of events.
          found.delete(event.partition);
          found.set(event.partition, event);
        };
        for (const event of await leftBehind(instance, key, place)) add(event);
        for await (const event of eventsBetween(instance, key, place.eventId)) add(event);
        return found;
      },
      cursorPartition: (asset) => watched(asset).place.partition,
      consume,
      consumeAll: async () => {
        everything = true;
        for (const key of keys) {
          const event = await latest(key);
          if (event !== undefined) consume(event);
        }
      },
    },
    cursor: async () => {
      if (consumed.size === 0) return undefined;
      const next = new Map<string, AssetPlace>();
      for (const key of keys) {
        const id = AssetKey.id(key);
        const place = places.get(id) ?? START;
        const events = consumed.get(id);
        next.set(id, events === undefined ? place : await moveOn(instance, key, place, events, everything));
      }
      return writePlaces(keys, next);
    },
  };
}

async function leftBehind(
  instance: InstanceReader,
  asset: AssetKey,
  { trailing }: AssetPlace,
): Promise<readonly MaterializationEvent[]> {
  return trailing.size === 0 ? [] : instance.materializations({ asset, ids: [...trailing.values()] });
}

/** Both ends are left out. */
async function* eventsBetween(
  instance: InstanceReader,
  asset: AssetKey,
  after: number | undefined,
  before?: number,
): AsyncGenerator<MaterializationEvent, void, undefined> {
  let afterId = after ?? 0;
  while (true) {
    const events = await instance.materializations({
      asset,
      afterId,
      limit: BATCH,
      ...(before === undefined ? {} : { beforeId: before }),
    });
    yield* events;
    const last = events.at(-1);
    if (last === undefined || events.length < BATCH) return;
    afterId = last.eventId;
  }
}

async function moveOn(
  instance: InstanceReader,
  asset: AssetKey,
  place: AssetPlace,
  consumed: ReadonlyMap<number, MaterializationEvent>,
  everything: boolean,
): Promise<AssetPlace> {
  const newestId = [...consumed.keys()].reduce((a, b) => Math.max(a, b));
  const isAhead = newestId > (place.eventId ?? 0);
  const { partition } = isAhead ? (consumed.get(newestId) ?? {}) : place;
  const trailing = new Map(everything ? [] : place.trailing);
  const visit = (event: MaterializationEvent): void => {
    if (event.partition === undefined) return;
    if (consumed.has(event.eventId)) trailing.delete(event.partition);
    else trailing.set(event.partition, event.eventId);
  };
  if (!everything) {
    for (const event of await leftBehind(instance, asset, place)) visit(event);
    if (isAhead)
      for await (const event of eventsBetween(instance, asset, place.eventId, newestId)) visit(event);
    const newest = consumed.get(newestId)?.partition;
    if (newest !== undefined) trailing.delete(newest);
  }
  if (trailing.size >= MAX_TRAILING) {
    throw new DefinitionsError(
      `${trailing.size} partitions of asset \`${AssetKey.toUserString(asset)}\` are left behind, more than ` +
        `${MAX_TRAILING - 1}; consume them (context.leftBehind) or everything (context.consumeAll)`,
    );
  }
  const eventId = isAhead ? newestId : place.eventId;
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(eventId === undefined ? {} : { eventId }),
    trailing,
  };
}
