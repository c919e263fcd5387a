import { type AssetRef, keyOf } from "../definitions/asset-ref.ts";
import { type SensorOptions, type SensorReturn, sensorOf } from "../definitions/instigator-factories.ts";
import type { SensorContext, SensorDefinition, WithResources } from "../definitions/instigators.ts";
import type { MaterializationEvent } from "../definitions/instance-reader.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { ResourceMap } from "../definitions/resources.ts";
import { withoutCursor } from "./managed-cursor.ts";

export interface AssetSensorOptions<R extends ResourceMap = ResourceMap> extends SensorOptions<R> {
  /** The asset to watch; it may be made in another code location. */
  readonly asset: AssetRef;
}

/**
 * Calls its function when the asset was materialized since the last tick, with the newest event. Several
 * materializations between two ticks make one call.
 */
export function assetSensor<R extends ResourceMap = Record<never, never>>(
  options: AssetSensorOptions<R>,
  run: (
    context: WithResources<SensorContext, R>,
    event: MaterializationEvent,
  ) => SensorReturn | Promise<SensorReturn>,
): SensorDefinition {
  const asset = keyOf(options.asset, `sensor \`${options.name}\``);
  return sensorOf(
    options,
    "ASSET",
    async (context) => {
      const afterId = readEventId(context.cursor);
      const [event] = await context.instance.materializations({
        asset,
        limit: 1,
        newestFirst: true,
        ...(afterId === undefined ? {} : { afterId }),
      });
      if (event === undefined) {
        return { skipReason: `asset \`${AssetKey.toUserString(asset)}\` has no new materialization` };
      }
      return {
        ...withoutCursor(options.name, await run(context as WithResources<SensorContext, R>, event)),
        cursor: String(event.eventId),
      };
    },
    [asset],
  );
}

const readEventId = (cursor: string | undefined): number | undefined =>
  cursor !== undefined && /^\d+$/.test(cursor) ? Number(cursor) : undefined;
