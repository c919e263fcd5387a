import { createDoctor } from "../doctor/doctor.ts";
import type { DoctorOutput, HealthCheck } from "../output/schemas/doctor.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, choiceFlag } from "./flags.ts";

const CRITICAL_EXIT_CODE = 3;

const MARKS: Readonly<Record<HealthCheck["status"], string>> = {
  healthy: "  ok",
  warning: "warn",
  critical: " ERR",
};

const render = ({ checks, overall, suggestions }: DoctorOutput): string => {
  const lines = checks.flatMap((check) => [
    `${MARKS[check.status]}  ${check.name}: ${check.message} (${check.duration_ms} ms)`,
    ...(check.details ?? []).map(([label, value]) => `        ${label}: ${value}`),
  ]);
  const advice = suggestions.map((suggestion) => `  - ${suggestion}`);
  return `${[...lines, "", `Overall: ${overall}`, ...advice].join("\n")}\n`;
};

export const doctor = defineCommand({
  name: "doctor",
  summary: "Check configuration, state, adapters and credentials",
  flags: {
    check: choiceFlag("Only this check", [
      "config",
      "state",
      "state_schema",
      "adapters",
      "pipelines",
      "state_sync",
      "state_rw",
      "state_concurrency",
      "auth",
    ]),
    verbose: booleanFlag("Add details to every check"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const { checks, suggestions } = await createDoctor(context, flags.verbose).examine(flags.check);
    const has = (status: HealthCheck["status"]): boolean => checks.some((check) => check.status === status);
    const overall = has("critical") ? "critical" : has("warning") ? "warning" : "healthy";
    const output: DoctorOutput = { command: "doctor", overall, checks, suggestions };
    return {
      payload: output,
      table: () => render(output),
      exitCode: overall === "critical" ? CRITICAL_EXIT_CODE : 0,
    };
  },
});
