import type { CommandContext } from "../commands/context.ts";
import { formatLocation, RockyError } from "../errors.ts";
import type { HealthCheck } from "../output/schemas/doctor.ts";

/** What one check found; the frame adds its name and duration. */
export interface Finding {
  readonly name?: string;
  readonly status: HealthCheck["status"];
  readonly message: string;
  readonly details?: readonly (readonly [string, string])[];
  readonly suggestion?: string;
}

export type Check = () => Promise<readonly Finding[]> | readonly Finding[];

export interface Examination {
  readonly checks: readonly HealthCheck[];
  readonly suggestions: readonly string[];
}

export const describeError = (context: CommandContext, thrown: unknown): string => {
  const error = RockyError.from(thrown);
  const where = formatLocation(error.where);
  return context.redactor.text(`${error.message}${where === "" ? "" : ` (${where})`}`);
};

/** Runs checks in order, with times; a check that throws is critical rather than fatal. */
export const examine = async (
  context: CommandContext,
  checks: readonly (readonly [string, Check])[],
  verbose: boolean,
): Promise<Examination> => {
  const done: HealthCheck[] = [];
  const suggestions: string[] = [];
  for (const [name, check] of checks) {
    const start = performance.now();
    const findings = await Promise.resolve()
      .then(check)
      .catch((thrown: unknown): readonly Finding[] => {
        const hint = RockyError.from(thrown).hint;
        return [
          {
            status: "critical",
            message: describeError(context, thrown),
            ...(hint === undefined ? {} : { suggestion: `${name}: ${hint}` }),
          },
        ];
      });
    const duration = Math.round(performance.now() - start);
    for (const { suggestion, details, status, message, name: own } of findings) {
      const shown = verbose && details !== undefined && details.length > 0 ? { details } : {};
      done.push({ name: own ?? name, status, message, duration_ms: duration, ...shown });
      if (suggestion !== undefined) suggestions.push(suggestion);
    }
  }
  return { checks: done, suggestions };
};
