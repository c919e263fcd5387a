import type { AssetSpec } from "../definitions/assets.ts";
import { coerceMetadata } from "../definitions/coerce-metadata.ts";
import type { Definitions } from "../definitions/definitions.ts";
import { type CodeReference, type MetadataInput, MetadataValue } from "../definitions/metadata.ts";
import type { SourcePosition } from "./project-file-error.ts";

const LABEL = "dagster/code_references";

/**
 * Shows on everything that a component made where it is written, absolute paths, after what it says of its code by
 * itself. Hosts link it.
 */
export const withCodeReferences = (part: Definitions, places: readonly SourcePosition[]): Definitions => {
  const here = places.map(
    ({ file, line }): CodeReference => ({ kind: "local", filePath: file, lineNumber: line }),
  );
  // Thousands of assets share it.
  const alone = MetadataValue.codeReferences(here);
  const reference = (metadata: MetadataInput): MetadataValue => {
    const own = metadata[LABEL] === undefined ? undefined : coerceMetadata({ own: metadata[LABEL] }).own;
    return own?.kind === "codeReferences"
      ? MetadataValue.codeReferences([...own.references, ...here])
      : alone;
  };
  const ofSpec = (spec: AssetSpec): AssetSpec => ({
    ...spec,
    metadata: { ...spec.metadata, [LABEL]: reference(spec.metadata) },
  });
  const refer = <D extends { readonly metadata: MetadataInput }>(definition: D): D => ({
    ...definition,
    metadata: { ...definition.metadata, [LABEL]: reference(definition.metadata) },
  });
  return {
    ...part,
    assets: part.assets.map((asset) =>
      asset.kind === "external"
        ? { ...asset, spec: ofSpec(asset.spec) }
        : { ...asset, specs: asset.specs.map(ofSpec) },
    ),
    jobs: part.jobs.map(refer),
    schedules: part.schedules.map(refer),
    sensors: part.sensors.map(refer),
  };
};
