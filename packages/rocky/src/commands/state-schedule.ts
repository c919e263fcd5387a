import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";

interface Demand {
  readonly demand_uid: string;
  readonly pipeline: string;
  readonly kind: string;
  readonly token: string;
  readonly body_hash: string;
  readonly received_at: string;
}

interface Skipped {
  readonly file: string;
  readonly reason: "unreadable" | "malformed" | "bad_timestamp";
  readonly detail: string;
}

const FIELDS = ["demand_uid", "pipeline", "kind", "token", "body_hash", "received_at"] as const;

const isDemand = (value: unknown): value is Demand =>
  typeof value === "object" &&
  value !== null &&
  FIELDS.every((field) => field in value && typeof (value as Record<string, unknown>)[field] === "string");

const readDemand = async (folder: string, file: string): Promise<Demand | Skipped> => {
  const text = await readFile(join(folder, file), "utf8").catch((thrown: unknown) => RockyError.from(thrown));
  if (typeof text !== "string") return { file, reason: "unreadable", detail: text.message };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { file, reason: "malformed", detail: "it is not JSON" };
  }
  if (!isDemand(value))
    return { file, reason: "malformed", detail: `expected the texts ${FIELDS.join(", ")}` };
  if (Number.isNaN(Date.parse(value.received_at)))
    return { file, reason: "bad_timestamp", detail: `received_at is '${value.received_at}'` };
  const { demand_uid, pipeline, kind, token, body_hash, received_at } = value;
  return { demand_uid, pipeline, kind, token, body_hash, received_at };
};

const byArrival = (left: Demand, right: Demand): number =>
  Date.parse(left.received_at) - Date.parse(right.received_at) ||
  (left.demand_uid < right.demand_uid ? -1 : 1);

export const stateScheduleSpool = defineCommand({
  name: "state schedule spool",
  summary: "List the runs that webhooks have asked for and nobody has started",
  flags: {},
  positionals: [],
  run: async (_args, { cwd }) => {
    const folder = join(cwd, ".rocky", "pending-demands");
    // A folder that cannot be read is an error; one that is not there means that nothing was ever asked for.
    const files = existsSync(folder) ? (await readdir(folder)).toSorted() : [];
    const entries = await Promise.all(
      files.filter((file) => file.endsWith(".json")).map((file) => readDemand(folder, file)),
    );
    const pending = entries.filter((entry): entry is Demand => !("reason" in entry)).toSorted(byArrival);
    const skipped = entries.filter((entry): entry is Skipped => "reason" in entry);
    const corrupt = files.filter((file) => file.endsWith(".corrupt")).length;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "state-schedule-spool",
        spool_path: folder,
        pending,
        skipped,
        counts: { pending: pending.length, skipped: skipped.length, corrupt },
      },
    };
  },
});

const noScheduler = (verb: "pause" | "resume") =>
  defineCommand({
    name: `state schedule ${verb}`,
    summary: `Says where to ${verb} a schedule: nothing here runs on a schedule of its own`,
    flags: {},
    positionals: [{ name: "pipeline", help: "the pipeline" }],
    run: ({ positionals }) => {
      throw new RockyError("unsupported", `nothing here runs '${positionals.pipeline}' on a schedule`, {
        hint: `${verb} the schedule where it lives, such as in Dagster`,
      });
    },
  });

export const stateSchedulePause = noScheduler("pause");
export const stateScheduleResume = noScheduler("resume");
