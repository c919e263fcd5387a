import type { CheckRecord, InstanceReader } from "../../definitions/execution-context.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { CheckExecution } from "../../instance/storage.ts";
import { asObject, isRecord, parseJson, readEnum } from "../../wire/index.ts";

/** Read access to the instance in the terms of user code. */
export function createInstanceReader(instance: Pick<Instance, "events" | "runs">): InstanceReader {
  return {
    latestMaterialization: async (asset) => {
      const [found] = (await instance.events.latestMaterializations([asset.path])).values();
      return found === undefined ? undefined : { runId: found.runId, timestamp: found.timestamp };
    },
    latestCheck: async (check, partition) => {
      const found = await instance.events.latestCheck(check.assetKey.path, check.name, partition);
      return found === undefined ? undefined : checkRecord(found);
    },
    dynamicPartitions: (name) => instance.events.dynamicPartitions(name),
    countRuns: (filter) => instance.runs.countRuns(filter),
  };
}

function checkRecord(found: CheckExecution): CheckRecord {
  return {
    runId: found.runId,
    passed: found.status === "SUCCEEDED",
    severity: severityOf(found.body),
    timestamp: found.timestamp,
  };
}

function severityOf(body: string): "WARN" | "ERROR" {
  const event = asObject(parseJson(body), "EventLogEntry").dagster_event;
  const data = isRecord(event) ? event.event_specific_data : undefined;
  return isRecord(data) && readEnum(data.severity) === "WARN" ? "WARN" : "ERROR";
}
