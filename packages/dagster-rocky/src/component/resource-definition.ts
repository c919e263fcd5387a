import type { ComponentLoadContext, ResourceDefinition } from "@dagster-rocky/dagster";
import type { RockyComponentOptions } from "./options.ts";

/** Ops and sensors find their engine under this key; replacing it replaces their engine. */
export const RESOURCE_KEY = "rocky";

/** The component's engine as a Dagster resource. Nothing is started before the first call. */
export function resourceDefinition(
  options: RockyComponentOptions,
  { projectRoot, env }: ComponentLoadContext,
): ResourceDefinition {
  return {
    description: `The rocky engine with ${options.configPath}.`,
    display: {
      binary_path: options.binaryPath,
      config_path: options.configPath,
      state_path: options.statePath ?? null,
      state_namespace: options.stateNamespace ?? null,
      models_dir: options.modelsDir,
      contracts_dir: options.contractsDir ?? null,
      server_url: options.serverUrl ?? null,
      timeout_seconds: options.timeoutSeconds,
      strict_doctor: options.strictDoctor,
      strict_doctor_checks: options.strictDoctorChecks,
    },
    create: async () => {
      const { createRockyResource } = await import("../resource/create-resource.ts");
      return createRockyResource(options, { projectRoot, env });
    },
  };
}
