import type { WebhookHook } from "../config/index.ts";

const SUMMARY =
  "{{event}}: pipeline {{pipeline}}{{#if model}}, model {{model}}{{/if}}{{#if table}}, table {{table}}{{/if}}{{#if error}}: {{error}}{{/if}}";

/** Bodies for well-known services; a `body_template` of one's own wins. */
const BODIES: Readonly<Record<string, string>> = {
  slack: JSON.stringify({ text: `${SUMMARY} (run {{run_id}})` }),
  teams: JSON.stringify({ title: "Rocky {{event}}", text: SUMMARY }),
  pagerduty: JSON.stringify({
    event_action: "trigger",
    dedup_key: "{{run_id}}",
    payload: { summary: SUMMARY, source: "rocky/{{pipeline}}", severity: "error" },
  }),
  datadog: JSON.stringify({ title: "Rocky {{event}}", text: SUMMARY, tags: ["pipeline:{{pipeline}}"] }),
};

export const PRESETS: readonly string[] = Object.keys(BODIES);

export const bodyTemplateOf = (webhook: WebhookHook): string | undefined =>
  webhook.bodyTemplate ?? (webhook.preset === undefined ? undefined : BODIES[webhook.preset]);
