import type { Instance } from "../../instance/open-instance.ts";
import type { InstanceSettings } from "../../instance/settings.ts";

const MAX_RETRIES_TAG = "dagster/max_retries";
const RETRY_ON_FAILURE_TAG = "dagster/retry_on_asset_or_op_failure";
const FAILURE_REASON_TAG = "dagster/failure_reason";
const WILL_RETRY_TAG = "dagster/will_retry";

/** The retry daemon acts on this tag, which whoever writes the failure has to set. */
export async function recordWillRetry(
  instance: Pick<Instance, "runs" | "settings">,
  runId: string,
): Promise<void> {
  if (!instance.settings.runRetries.enabled) return;
  const run = await instance.runs.getRun(runId);
  if (run === undefined) return;
  const allowed = allowedRetries(run.tags, instance.settings.runRetries);
  const rootRunId = run.tags["dagster/root_run_id"] ?? runId;
  const launched = allowed > 0 ? await instance.runs.runGroupSize(rootRunId) : 0;
  const willRetry = allowed > 0 && launched <= allowed;
  await instance.runs.addTags(runId, { [WILL_RETRY_TAG]: String(willRetry) });
}

/** How many retries the run's group may have; 0 when this failure is not retried at all. */
function allowedRetries(
  tags: Readonly<Record<string, string>>,
  settings: InstanceSettings["runRetries"],
): number {
  const onFailure = tags[RETRY_ON_FAILURE_TAG];
  const retriesFailedSteps =
    onFailure === undefined ? settings.retryOnAssetOrOpFailure : onFailure === "true";
  if (tags[FAILURE_REASON_TAG] === "STEP_FAILURE" && !retriesFailedSteps) return 0;
  const tag = tags[MAX_RETRIES_TAG];
  if (tag === undefined) return settings.maxRetries;
  return /^\s*[+-]?\d+\s*$/.test(tag) ? Number.parseInt(tag, 10) : 0;
}
