import { DefinitionsError } from "../../definitions/errors.ts";
import type { InstanceReader, StepLogger } from "../../definitions/execution-context.ts";
import { scheduleTick, sensorTick } from "../../snapshot/index.ts";
import { didYouMean } from "../../text-distance.ts";
import {
  asObject,
  type JsonRecord,
  readNumber,
  readObject,
  readText,
  type WireValue,
  writeWire,
} from "../../wire/index.ts";
import { createLazyInstanceReader, readOrigin } from "../../worker/run/instance-reader.ts";
import { log } from "../log.ts";
import type { LocationContext } from "./location-context.ts";

const tickLog = (name: string): StepLogger => ({
  debug: (message) => log("debug", `${name}: ${message}`),
  info: (message) => log("info", `${name}: ${message}`),
  warn: (message) => log("warning", `${name}: ${message}`),
  error: (message) => log("error", `${name}: ${message}`),
});

/** Most ticks ask nothing of the instance; it is opened at the first question. */
const lazyReader = (context: LocationContext, args: JsonRecord): InstanceReader =>
  createLazyInstanceReader(() =>
    context.openInstance(writeWire(asObject(args.instance_ref, "InstanceRef") as WireValue)),
  );

const find = <T extends { readonly name: string }>(items: readonly T[], name: string, what: string): T => {
  const found = items.find((item) => item.name === name);
  if (found !== undefined) return found;
  const names = items.map((item) => item.name);
  throw new DefinitionsError(`this code location has no ${what} "${name}"${didYouMean(name, names)}`);
};

const resourcesFor = (
  context: LocationContext,
  { requiredResourceKeys }: { readonly requiredResourceKeys?: readonly string[] },
) => context.resources(requiredResourceKeys ?? Object.keys(context.repository.definitions.resources));

const optional = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };

export const scheduleAnswer = async (context: LocationContext, text: string): Promise<WireValue> => {
  const args = readObject(text, "ExternalScheduleExecutionArgs");
  const { repository } = context;
  const schedule = find(repository.schedules, readText(args.schedule_name) ?? "", "schedule");
  const result = await schedule.evaluate({
    scheduleName: schedule.name,
    scheduledExecutionTime: readNumber(args.scheduled_execution_timestamp) ?? Date.now() / 1000,
    log: tickLog(schedule.name),
    signal: context.signal,
    instance: lazyReader(context, args),
    resources: await resourcesFor(context, schedule),
  });
  return scheduleTick(repository, schedule, result, undefined);
};

export const sensorAnswer = async (context: LocationContext, text: string): Promise<WireValue> => {
  const args = readObject(text, "SensorExecutionArgs");
  const { repository } = context;
  const sensor = find(repository.sensors, readText(args.sensor_name) ?? "", "sensor");
  const cursor = readText(args.cursor);
  const result = await sensor.evaluate({
    sensorName: sensor.name,
    ...optional("cursor", cursor),
    ...optional("lastRunKey", readText(args.last_run_key)),
    ...optional("lastTickCompletionTime", readNumber(args.last_tick_completion_time)),
    ...optional("lastSensorStartTime", readNumber(args.last_sensor_start_time)),
    ...optional("origin", readOrigin(args.repository_origin)),
    log: tickLog(sensor.name),
    signal: context.signal,
    instance: lazyReader(context, args),
    resources: await resourcesFor(context, sensor),
  });
  return sensorTick(repository, sensor, result, cursor, undefined);
};
