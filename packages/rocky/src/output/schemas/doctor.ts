import { choice, integer, list, object, text, tuple, type Static } from "../schema.ts";

const healthStatus = choice("healthy", "warning", "critical");

const healthCheck = object(
  { duration_ms: integer, message: text, name: text, status: healthStatus },
  { details: list(tuple(text, text)) },
);

export const doctorSchema = object({
  checks: list(healthCheck),
  command: choice("doctor"),
  overall: healthStatus,
  suggestions: list(text),
});
export type DoctorOutput = Static<typeof doctorSchema>;
export type HealthCheck = Static<typeof healthCheck>;
