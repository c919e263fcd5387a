import { AutomationCondition } from "@dagster-rocky/dagster";

/** Runs an asset as soon as something that it is made from has changed. */
export const rockyEagerAutomation = (): AutomationCondition => AutomationCondition.eager();

/** Runs an asset after each tick of a cron schedule, once what it is made from has been updated. */
export const rockyCronAutomation = (cron: string, timezone = "UTC"): AutomationCondition =>
  AutomationCondition.onCron(cron, timezone);
