import { Failure } from "@dagster-rocky/dagster";
import { RockyError } from "./errors.ts";
import type { DoctorOutput } from "./outputs/reports.ts";
import type { CallOptions, RockyResource } from "./rocky-resource.ts";

type Check = DoctorOutput["checks"][number];

const line = ({ name, message }: Check): string => (message === "" ? name : `${name}: ${message}`);

const judge = (resource: RockyResource, { checks }: DoctorOutput, call: CallOptions): void => {
  const { strictDoctorChecks } = resource.config;
  const isStrict = (name: string): boolean =>
    strictDoctorChecks.length === 0 ||
    strictDoctorChecks.includes(name) ||
    strictDoctorChecks.includes(name.split("/")[0] ?? "");
  const bad = checks.filter(({ status }) => status !== "healthy" && status !== "warning");
  const failures = bad.filter(({ name }) => isStrict(name));
  const tolerated = checks.filter(
    ({ status, name }) => status === "warning" || (status !== "healthy" && !isStrict(name)),
  );
  for (const check of tolerated) call.onEvent?.({ level: "warn", message: `doctor: ${line(check)}` });
  if (failures.length === 0) return;
  throw new Failure(`rocky doctor found problems (strict_doctor is on): ${failures.map(line).join("; ")}`, {
    metadata: {
      strict_failures: failures.map(line),
      non_strict_warnings: tolerated.map(line),
      strict_doctor_checks: [...strictDoctorChecks],
    },
  });
};

const examined = new WeakMap<RockyResource, Promise<void>>();

const examine = async (resource: RockyResource, call: CallOptions): Promise<void> => {
  let report: DoctorOutput;
  try {
    report = await resource.doctor({}, call);
  } catch (error) {
    if (error instanceof RockyError && error.kind === "canceled") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`rocky doctor could not be run (strict_doctor is on): ${reason}`, { cause: error });
  }
  judge(resource, report, call);
};

/** With `strict_doctor`, asks the engine for its health once per resource and refuses to go on when it is bad. */
export const requireHealthy = (resource: RockyResource, call: CallOptions = {}): Promise<void> => {
  if (!resource.config.strictDoctor) return Promise.resolve();
  const known = examined.get(resource);
  if (known !== undefined) return known;
  const asked = examine(resource, call);
  examined.set(resource, asked);
  // A cancellation or a failed start says nothing about the next attempt.
  asked.catch(() => examined.delete(resource));
  return asked;
};
