import type { AssetsDefinition } from "../definitions/assets.ts";
import { coerceMetadataValue } from "../definitions/coerce-metadata.ts";
import type { Definitions } from "../definitions/definitions.ts";
import {
  CODE_REFERENCES,
  type CodeReference,
  type MetadataInput,
  MetadataValue,
} from "../definitions/metadata.ts";
import type { SourcePosition } from "./project-file-error.ts";

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
    const own = metadata[CODE_REFERENCES];
    const value = own === undefined ? undefined : coerceMetadataValue(own);
    return value?.kind === "codeReferences"
      ? MetadataValue.codeReferences([...value.references, ...here])
      : alone;
  };
  const refer = <D extends { readonly metadata: MetadataInput }>(definition: D): D => ({
    ...definition,
    metadata: { ...definition.metadata, [CODE_REFERENCES]: reference(definition.metadata) },
  });
  const ofOp = (asset: AssetsDefinition): AssetsDefinition => {
    const hasOwn = asset.specs.some(({ metadata }) => metadata[CODE_REFERENCES] !== undefined);
    return { ...asset, codeReferences: alone, ...(hasOwn ? { specs: asset.specs.map(refer) } : {}) };
  };
  return {
    ...part,
    assets: part.assets.map((asset) =>
      asset.kind === "external" ? { ...asset, spec: refer(asset.spec) } : ofOp(asset),
    ),
    jobs: part.jobs.map(refer),
    schedules: part.schedules.map(refer),
    sensors: part.sensors.map(refer),
  };
};
