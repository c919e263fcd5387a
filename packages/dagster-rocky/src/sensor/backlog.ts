import type { RunRequest, SensorContext } from "@dagster-rocky/dagster";
import type { BacklogCap } from "./options.ts";
import { SENSOR_TAG, type SourceRequest } from "./requests.ts";

const IN_FLIGHT = ["QUEUED", "NOT_STARTED", "STARTING", "STARTED"];

/** False when enough runs of this sensor with the same tag value are on their way already. */
export async function hasRoom(
  cap: BacklogCap | undefined,
  request: RunRequest,
  sensorName: string,
  context: SensorContext,
  alreadyAsked: readonly SourceRequest[],
): Promise<boolean> {
  if (!cap) return true;
  const value = request.tags?.[cap.tagKey];
  if (value === undefined) return true;
  const inFlight = await context.instance.countRuns({
    tags: { ...cap.scopeTags, [SENSOR_TAG]: sensorName, [cap.tagKey]: value },
    statuses: cap.statuses ?? IN_FLIGHT,
  });
  const asked = alreadyAsked.filter((other) => other.request.tags?.[cap.tagKey] === value).length;
  if (inFlight + asked < cap.maxInFlight) return true;
  context.log.info(
    `${request.runKey} is held back: ${inFlight + asked} runs with ${cap.tagKey}=${value} are on their way.`,
  );
  return false;
}
