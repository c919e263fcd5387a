import type { ConfigFields } from "../definitions/config.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { plainConfig } from "../definitions/job-config.ts";
import { withNested } from "../definitions/resource-values.ts";
import { checkConfig } from "../definitions/resolve-config.ts";
import { didYouMean } from "../text-distance.ts";
import { checkSections } from "./check-sections.ts";
import type { OpNode } from "./nodes.ts";
import type { CompiledJob } from "./repository.ts";
import { type ConfigSection, configIn, configuredNames } from "./run-config.ts";

/** Refuses ops whose resources nobody defines. */
export function requireResources(ops: readonly OpNode[], resources: CompiledJob["resources"]): void {
  const known = new Set(Object.keys(resources));
  for (const { name, definition } of ops) {
    const missing = definition.requiredResourceKeys.find((key) => !known.has(key));
    if (missing === undefined) continue;
    throw new DefinitionsError(
      `op \`${name}\` needs resource \`${missing}\`, which is not defined${didYouMean(missing, known)}; ` +
        "give it to `Definitions.create({ resources })`",
    );
  }
  withNested(resources, known);
}

/** Refuses a job whose own config does not fit its ops and resources; what runs must add may be missing. */
export function checkJobConfig(job: CompiledJob): void {
  const config = plainConfig(job.definition?.config);
  if (config === undefined) return;
  checkSections(config, job);
  checkFields(config, "ops", (name) => job.graph.nodeByName.get(name)?.op.definition.config);
  checkFields(config, "resources", (name) => job.resources[name]?.config);
}

function checkFields(
  config: JsonObject,
  section: ConfigSection,
  fieldsOf: (name: string) => ConfigFields | undefined,
): void {
  for (const name of configuredNames(config, section)) {
    const fields = fieldsOf(name);
    const given = configIn(config, section, name);
    if (fields !== undefined && given !== undefined) checkConfig(fields, given, `${section}.${name}.config`);
  }
}
