import type { AssetSelection, ScheduleDefinition } from "@dagster-rocky/dagster";

export interface RockyScheduleOptions {
  readonly name: string;
  /** One cron string, or several. */
  readonly cronSchedule: string | readonly string[];
  readonly target: AssetSelection;
  /** IANA name, default UTC. */
  readonly timezone?: string;
  /** Tags of its runs; they may overrule `rocky/schedule`. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Default STOPPED. */
  readonly defaultStatus?: "RUNNING" | "STOPPED";
}

/** A schedule whose runs carry the tag `rocky/schedule` with its name. */
export function buildRockySchedule(options: RockyScheduleOptions): ScheduleDefinition {
  const tags = Object.freeze({ "rocky/schedule": options.name, ...options.tags });
  return Object.freeze<ScheduleDefinition>({
    kind: "schedule",
    name: options.name,
    cronSchedule: options.cronSchedule,
    executionTimezone: options.timezone ?? "UTC",
    target: { kind: "selection", selection: options.target },
    ...(options.description === undefined ? {} : { description: options.description }),
    defaultStatus: options.defaultStatus ?? "STOPPED",
    tags,
    metadata: {},
    evaluate: async () => ({ runRequests: [{ tags }] }),
  });
}
