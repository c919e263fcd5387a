import type { Instance } from "../../instance/open-instance.ts";
import { asObject, isRecord, parseJson } from "../../wire/index.ts";

/** The run monitor writes exactly this before it starts another worker; it counts its attempts by it. */
const RESUME_MESSAGE = "Launching a new run worker to resume run";

/** Whether the host will start another worker for this run when the present one ends. */
export async function willResume(
  { events, settings }: Pick<Instance, "events" | "settings">,
  runId: string,
): Promise<boolean> {
  const { enabled, maxResumeAttempts } = settings.runMonitoring;
  if (!enabled || maxResumeAttempts <= 0) return false;
  const engineEvents = await events.runEvents(runId, ["ENGINE_EVENT"]);
  const attempts = engineEvents.filter(({ body }) => {
    const { dagster_event: event } = asObject(parseJson(body), "EventLogEntry");
    return isRecord(event) && event.message === RESUME_MESSAGE;
  });
  return attempts.length < maxResumeAttempts;
}
