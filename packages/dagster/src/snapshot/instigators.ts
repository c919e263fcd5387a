import type { InstigatorTarget, ScheduleDefinition, SensorDefinition } from "../definitions/instigators.ts";
import { ASSET_JOB, anonymousJobName, type CompiledRepository } from "../planning/index.ts";
import { type WireObject, wire, wireEnum } from "../wire/index.ts";
import { assetKey } from "./keys.ts";
import { metadataMapping } from "./metadata.ts";
import { assetSelection } from "./selection.ts";

export const scheduleSnapshots = (repository: CompiledRepository): readonly WireObject[] =>
  repository.schedules.map(scheduleSnapshot);

export const sensorSnapshots = (repository: CompiledRepository): readonly WireObject[] =>
  repository.sensors.map(sensorSnapshot);

/** The job that an instigator launches; undefined for sensors without one. */
export function targetJobName(name: string, target: InstigatorTarget): string | undefined {
  switch (target.kind) {
    case "none":
      return undefined;
    case "job":
      return target.jobName;
    case "selection":
      return anonymousJobName(name);
    default:
      return target satisfies never;
  }
}

function scheduleSnapshot(schedule: ScheduleDefinition): WireObject {
  const { target } = schedule;
  return wire("ExternalScheduleData", {
    name: schedule.name,
    cron_schedule: schedule.cronSchedule,
    pipeline_name: targetJobName(schedule.name, target) ?? "",
    solid_selection: null,
    mode: "default",
    environment_vars: {},
    partition_set_name: null,
    execution_timezone: schedule.executionTimezone,
    description: schedule.description ?? null,
    // Left out when stopped, so that ids of schedules stay what they were.
    default_status:
      schedule.defaultStatus === "RUNNING" ? wireEnum("DefaultScheduleStatus", "RUNNING") : null,
    asset_selection: target.kind === "selection" ? assetSelection(target.selection) : null,
    tags: schedule.tags,
    metadata: metadataMapping(schedule.metadata),
    owners: null,
  });
}

function sensorSnapshot(sensor: SensorDefinition): WireObject {
  const { target } = sensor;
  const isAutomation = sensor.type === "AUTO_MATERIALIZE";
  const job = isAutomation ? undefined : targetJobName(sensor.name, target);
  return wire("ExternalSensorData", {
    name: sensor.name,
    pipeline_name: job ?? null,
    solid_selection: null,
    mode: null,
    min_interval: sensor.minimumIntervalSeconds,
    description: sensor.description ?? null,
    target_dict: targets(isAutomation ? ASSET_JOB : job),
    metadata: wire("ExternalSensorMetadata", {
      asset_keys: sensor.type === "ASSET" ? (sensor.monitoredAssets ?? []).map(assetKey) : null,
      standard_metadata: metadataMapping(sensor.metadata),
    }),
    default_status: sensor.defaultStatus === "RUNNING" ? wireEnum("DefaultSensorStatus", "RUNNING") : null,
    sensor_type: wireEnum("SensorType", sensor.type),
    asset_selection: target.kind === "selection" ? assetSelection(target.selection) : null,
    tags: sensor.tags,
    run_tags: {},
    owners: [],
  });
}

const targets = (job: string | undefined): Readonly<Record<string, WireObject>> =>
  job === undefined
    ? {}
    : { [job]: wire("ExternalTargetData", { pipeline_name: job, mode: "default", solid_selection: null }) };
