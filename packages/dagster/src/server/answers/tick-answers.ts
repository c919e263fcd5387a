import { DefinitionsError } from "../../definitions/errors.ts";
import type {
  RunRequest,
  ScheduleDefinition,
  SensorDefinition,
  SensorResult,
} from "../../definitions/instigators.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { CompiledRepository } from "../../planning/index.ts";
import { requestPartitions, scheduleTick, sensorTick, targetJobName } from "../../snapshot/index.ts";
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
import type { LocationContext } from "./location-context.ts";
import { refuseUnknownPartitions } from "./requested-partitions.ts";
import { createTickLog } from "./tick-log.ts";

/** Most ticks ask nothing of the instance; it is opened at the first question. */
const instanceOf = (context: LocationContext, args: JsonRecord) => (): Promise<Instance> =>
  context.openInstance(writeWire(asObject(args.instance_ref, "InstanceRef") as WireValue));

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
  const open = instanceOf(context, args);
  const instance = createLazyInstanceReader(open);
  const tick = createTickLog(schedule.name, repository.name, args.log_key, open);
  const result = await schedule.evaluate({
    scheduleName: schedule.name,
    scheduledExecutionTime: readNumber(args.scheduled_execution_timestamp) ?? Date.now() / 1000,
    log: tick.log,
    signal: context.signal,
    instance,
    resources: await resourcesFor(context, schedule),
  });
  await refuseUnknownPartitions(requestsOf(repository, schedule, result), instance);
  return scheduleTick(repository, schedule, result, await tick.capture());
};

export const sensorAnswer = async (context: LocationContext, text: string): Promise<WireValue> => {
  const args = readObject(text, "SensorExecutionArgs");
  const { repository } = context;
  const sensor = find(repository.sensors, readText(args.sensor_name) ?? "", "sensor");
  const cursor = readText(args.cursor);
  const open = instanceOf(context, args);
  const instance = createLazyInstanceReader(open);
  const tick = createTickLog(sensor.name, repository.name, args.log_key, open);
  const result = await sensor.evaluate({
    sensorName: sensor.name,
    ...optional("cursor", cursor),
    ...optional("lastRunKey", readText(args.last_run_key)),
    ...optional("lastTickCompletionTime", readNumber(args.last_tick_completion_time)),
    ...optional("lastSensorStartTime", readNumber(args.last_sensor_start_time)),
    ...optional("origin", readOrigin(args.repository_origin)),
    log: tick.log,
    signal: context.signal,
    instance,
    resources: await resourcesFor(context, sensor),
  });
  await refuseUnknownPartitions(requestsOf(repository, sensor, result), instance);
  return sensorTick(repository, sensor, result, cursor, await tick.capture());
};

const requestsOf = (
  repository: CompiledRepository,
  instigator: ScheduleDefinition | SensorDefinition,
  result: SensorResult,
) => ({
  who: `${instigator.kind} \`${instigator.name}\``,
  runs: result.runRequests ?? [],
  dynamic: result.dynamicPartitionsRequests,
  partitionsOf: (request: RunRequest) => {
    const job = request.jobName ?? targetJobName(instigator.name, instigator.target);
    return job === undefined ? undefined : requestPartitions(repository, request, job);
  },
});
