import type { Pipeline, RockyConfig, ScheduleConfig } from "../../config/index.ts";
import { layersOf } from "../../graph/layers.ts";
import { didYouMean } from "../../suggest.ts";
import type { Report } from "./report.ts";

const CRON_FIELD =
  /^(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?(?:,(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/\d+)?)*$/;

/** Five or six fields of the usual form; the scheduler that runs it reads the finer points. */
const isCron = (text: string): boolean => {
  const fields = text.trim().split(/\s+/);
  return (
    (fields.length === 5 || fields.length === 6) &&
    fields.every((field) => CRON_FIELD.test(field) || field === "?")
  );
};

const isTimezone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const validateTimes = (
  config: RockyConfig,
  pipeline: Pipeline,
  schedule: ScheduleConfig,
  report: Report,
): void => {
  const at = `pipeline.${pipeline.name}`;
  const field = `${at}.schedule`;
  const zone = schedule.timezone ?? config.schedule.timezone;
  if (schedule.cron !== undefined && !isCron(schedule.cron))
    report.say("error", "V036", `${at}: schedule.cron "${schedule.cron}" is no cron expression`, { field });
  else if (!isTimezone(zone))
    report.say("error", "V036", `${at}: schedule.timezone "${zone}" is no known time zone`, { field });
  else if (schedule.catchup !== "latest" && schedule.catchup !== "skip")
    report.say("error", "V037", `${at}: schedule.catchup "${schedule.catchup}" must be "latest" or "skip"`, {
      field,
    });
  else if (schedule.freshness && config.freshness.expectedLagSeconds === undefined)
    report.say("error", "V038", `${at}: schedule.freshness needs [freshness] expected_lag_seconds`, {
      field,
    });
};

const validateAfter = (
  config: RockyConfig,
  pipeline: Pipeline,
  schedule: ScheduleConfig,
  report: Report,
): void => {
  const at = `pipeline.${pipeline.name}`;
  for (const name of schedule.after) {
    const before = config.pipelines.find((other) => other.name === name);
    if (before === undefined) {
      const near = didYouMean(
        name,
        config.pipelines.map((other) => other.name),
      );
      report.say(
        "error",
        "V039",
        `${at}: schedule.after names unknown pipeline "${name}"${near === undefined ? "" : `, ${near}`}`,
        { field: `${at}.schedule.after` },
      );
    } else if (before.type === "load")
      report.say("error", "V045", `${at}: schedule.after cannot follow load pipeline "${name}"`, {
        field: `${at}.schedule.after`,
      });
  }
};

/** Checks `[pipeline.<name>.schedule]` tables and the circle-freeness of `after`. */
export const validateSchedules = (config: RockyConfig, report: Report): void => {
  const afters = new Map<string, readonly string[]>();
  for (const pipeline of config.pipelines) {
    const { schedule } = pipeline;
    afters.set(pipeline.name, schedule?.after ?? []);
    if (schedule === undefined) continue;
    const field = `pipeline.${pipeline.name}.schedule`;
    if (pipeline.type === "load") {
      report.say("error", "V044", `pipeline.${pipeline.name}: load pipelines cannot be scheduled`, { field });
      continue;
    }
    validateTimes(config, pipeline, schedule, report);
    validateAfter(config, pipeline, schedule, report);
    const demanded = schedule.cron !== undefined || schedule.after.length > 0 || schedule.freshness;
    if (schedule.enabled && !demanded)
      report.say(
        "warn",
        "V040",
        `pipeline.${pipeline.name}: the schedule names no cron, after or freshness`,
        {
          field,
        },
      );
  }
  const result = layersOf(afters);
  if (!result.ok) report.say("error", "V042", `schedule.after forms a circle: ${result.cycle.join(" -> ")}`);
};
