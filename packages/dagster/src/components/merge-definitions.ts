import type { Definitions, ResourceDefinition } from "../definitions/definitions.ts";

/** Two parts of a code location that give one name to different things. */
export class DefinitionsConflictError extends Error {
  override readonly name = "DefinitionsConflictError";
}

const mergeResources = (parts: readonly Definitions[]): Record<string, ResourceDefinition> => {
  const merged: Record<string, ResourceDefinition> = {};
  for (const { resources } of parts) {
    for (const [key, resource] of Object.entries(resources)) {
      if (merged[key] !== undefined && merged[key] !== resource) {
        throw new DefinitionsConflictError(
          `two parts of the code location define different resources "${key}"`,
        );
      }
      merged[key] = resource;
    }
  }
  return merged;
};

/** One set of definitions out of several; the order of the parts is kept. */
export const mergeDefinitions = (parts: readonly Definitions[]): Definitions => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return Object.freeze({
    assets: parts.flatMap((part) => part.assets),
    assetChecks: parts.flatMap((part) => part.assetChecks),
    jobs: parts.flatMap((part) => part.jobs),
    schedules: parts.flatMap((part) => part.schedules),
    sensors: parts.flatMap((part) => part.sensors),
    resources: mergeResources(parts),
    metadata: Object.assign({}, ...parts.map((part) => part.metadata)),
  });
};
