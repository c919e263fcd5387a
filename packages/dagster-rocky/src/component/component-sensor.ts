import {
  AssetKey,
  type AssetsDefinition,
  type ComponentLoadContext,
  type SensorDefinition,
} from "@dagster-rocky/dagster";
import { createRockyResource } from "../resource/create-resource.ts";
import { decodeDiscover } from "../resource/outputs/discover.ts";
import { rockySourceSensor } from "../sensor/source-sensor.ts";
import type { DiscoveredSource } from "../translator/inputs.ts";
import { withoutTenant } from "../translator/tenant-source.ts";
import type { BuildContext } from "./build/build-context.ts";
import { sourceSpecs } from "./build/source-spec.ts";
import { discoverAll } from "./state/discover-all.ts";

/** The sensor of `enable_sensor`: it may run every asset of the component and is switched off at first. */
export function componentSensor(
  build: BuildContext,
  assets: readonly AssetsDefinition[],
  { projectRoot, env }: ComponentLoadContext,
): SensorDefinition {
  const { options } = build;
  const keys = assets.flatMap(({ specs }) => specs.map((spec) => spec.key));
  const known = new Set(keys.map(AssetKey.id));
  const specOf = sourceSpecs(build);
  const assetKeysOf = (source: DiscoveredSource): readonly AssetKey[] => {
    const shown = options.tenant ? withoutTenant(source, options.tenant.component) : source;
    const group = options.translator.getGroupName(shown);
    // Tables that appeared after the last refresh are no assets yet; asking for them would fail the tick.
    return shown.tables
      .map((table) => specOf(shown, table, group).key)
      .filter((key) => known.has(AssetKey.id(key)));
  };
  return rockySourceSensor({
    rockyResource: createRockyResource(options, { projectRoot, env }),
    // Not spread: a call takes fewer arguments than a project has assets.
    target: { kind: "keys", keys },
    granularity: options.sensorGranularity,
    translator: options.translator,
    name: `rocky_source_sensor_${options.configPath.replace(/[^A-Za-z0-9_]/g, "_")}`,
    minimumIntervalSeconds: options.sensorIntervalSeconds,
    ...(options.tenant
      ? {
          tenantComponent: options.tenant.component,
          tenantPartitionsName: options.tenant.partitionsName,
          syncPartitionsFromDiscover: options.tenant.syncPartitionsFromDiscover,
        }
      : {}),
    discover: async (engine, signal, log) =>
      decodeDiscover(await discoverAll({ options, projectRoot, engine, log, signal })),
    assetKeysOf,
  });
}
