import { FreshnessPolicy } from "@dagster-rocky/dagster";
import { isObject } from "./json.ts";
import { integer, nullable, type Read, string } from "./values.ts";

const seconds = integer(1);

/**
 * A mapping in place of a policy: `{ fail_window, warn_window }` in seconds, or
 * `{ deadline_cron, lower_bound_delta, timezone }`. What a template made stays as it is.
 */
export const freshnessFrom: Read<unknown> = (value, at) => {
  if (!isObject(value) || value.kind !== undefined) return value;
  if (value.deadline_cron === undefined) {
    const warnWindow = nullable(seconds)(value.warn_window, `${at}.warn_window`);
    return FreshnessPolicy.timeWindow({
      failWindow: seconds(value.fail_window, `${at}.fail_window`),
      ...(warnWindow === undefined ? {} : { warnWindow }),
    });
  }
  const timezone = nullable(string)(value.timezone, `${at}.timezone`);
  return FreshnessPolicy.cron({
    deadlineCron: string(value.deadline_cron, `${at}.deadline_cron`),
    lowerBoundDelta: seconds(value.lower_bound_delta, `${at}.lower_bound_delta`),
    ...(timezone === undefined ? {} : { timezone }),
  });
};
