import type { SensorContext, SensorDefinition, SensorResult } from "@dagster-rocky/dagster";
import type { RockyResource } from "../resource/rocky-resource.ts";
import { RockyDagsterTranslator } from "../translator/translator.ts";
import type { RockySourceSensorOptions } from "./options.ts";
import { evaluateTick, type TickSettings } from "./tick.ts";

/**
 * A sensor that asks for runs of the sources that have synced since it last looked. The cursor says when
 * each source was last seen; a source without a sync time never triggers, one that was never seen does.
 * Throws a TypeError when only one of the tenant options is given.
 */
export function rockySourceSensor(options: RockySourceSensorOptions): SensorDefinition {
  const settings = compile(options);
  const resourceOf = resourceFinder(options.rockyResource ?? "rocky");
  return {
    kind: "sensor",
    name: settings.sensorName,
    type: "STANDARD",
    target: { kind: "selection", selection: options.target },
    minimumIntervalSeconds: options.minimumIntervalSeconds ?? 300,
    defaultStatus: options.defaultStatus ?? "STOPPED",
    tags: {},
    metadata: {},
    requiredResourceKeys: typeof options.rockyResource === "object" ? [] : [options.rockyResource ?? "rocky"],
    evaluate: (context): Promise<SensorResult> => evaluateTick(settings, context, resourceOf(context)),
  };
}

function compile(options: RockySourceSensorOptions): TickSettings {
  const { tenantComponent: component, tenantPartitionsName: partitionsName } = options;
  if ((component === undefined) !== (partitionsName === undefined)) {
    throw new TypeError("tenantComponent and tenantPartitionsName belong together: give both, or neither");
  }
  const translator = options.translator ?? new RockyDagsterTranslator();
  const tenant =
    component === undefined || partitionsName === undefined
      ? undefined
      : { component, partitionsName, syncPartitions: options.syncPartitionsFromDiscover ?? true };
  return {
    options,
    sensorName: options.name ?? "rocky_source_sensor",
    translator,
    ...(tenant ? { tenant } : {}),
  };
}

function resourceFinder(given: string | RockyResource): (context: SensorContext) => RockyResource {
  if (typeof given !== "string") return () => given;
  return (context) => {
    const found = context.resources[given];
    if (typeof found === "object" && found !== null && "discover" in found) return found as RockyResource;
    throw new TypeError(
      `sensor ${context.sensorName} needs a RockyResource under the resource key "${given}"`,
    );
  };
}
