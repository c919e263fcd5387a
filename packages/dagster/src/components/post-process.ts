import type { AssetsDefinition, AssetSpec, ExternalAssetDefinition } from "../definitions/assets.ts";
import { Definitions } from "../definitions/define.ts";
import { AssetKey } from "../definitions/keys.ts";
import { partitionsId } from "../definitions/partitions.ts";
import { parseSelection } from "../definitions/selection-text.ts";
import { buildAssetGraph, resolveSelection } from "../planning/index.ts";
import { type AttributeOperation, assetAttributesSchema, withAssetAttribute } from "./asset-attributes.ts";
import { assetScope } from "./asset-scope.ts";
import type { TemplateScope } from "./component.ts";
import { ProjectFileError } from "./project-file-error.ts";
import type { YamlDocument, YamlPath } from "./yaml-file.ts";

/** `post_processing` of a component file, as JSON schema. */
export const postProcessingSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    assets: {
      type: ["array", "null"],
      items: {
        type: "object",
        additionalProperties: false,
        properties: {
          target: { type: "string" },
          operation: { enum: ["merge", "replace"] },
          attributes: assetAttributesSchema,
        },
        required: ["attributes"],
      },
    },
  },
} as const;

/** One entry of `post_processing.assets`, checked. */
export interface PostProcessor {
  /** A selection as text; `*` is everything. */
  readonly target: string;
  readonly operation: AttributeOperation;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly path: YamlPath;
}

/** Where a processor stands, and what its templates see. */
export interface ProcessorPlace {
  readonly document: YamlDocument;
  readonly scope: TemplateScope;
}

interface RawProcessor {
  readonly target?: string;
  readonly operation?: AttributeOperation;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Reads what the schema accepted. */
export const readPostProcessors = (value: unknown): readonly PostProcessor[] => {
  const { assets } = (value ?? {}) as { readonly assets?: readonly RawProcessor[] | null };
  return (assets ?? []).map(({ target = "*", operation = "merge", attributes }, index) => ({
    target,
    operation,
    attributes,
    path: ["post_processing", "assets", index],
  }));
};

/**
 * Changes the assets of a component, or of all components of a folder: one processor after the other, each on the
 * assets that its target selects then.
 */
export const postProcess = (
  parts: readonly Definitions[],
  processors: readonly PostProcessor[],
  place: ProcessorPlace,
): readonly Definitions[] =>
  processors.reduce((changed, processor) => processOnce(changed, processor, place), parts);

function processOnce(
  parts: readonly Definitions[],
  processor: PostProcessor,
  place: ProcessorPlace,
): readonly Definitions[] {
  const isTarget = targetTest(parts, processor, place);
  const change = (spec: AssetSpec): AssetSpec =>
    isTarget(spec.key) ? withAttributes(spec, processor, place) : spec;
  return parts.map((part) => ({ ...part, assets: part.assets.map((asset) => mapSpecs(asset, change)) }));
}

function targetTest(
  parts: readonly Definitions[],
  { target, path }: PostProcessor,
  { document }: ProcessorPlace,
): (key: AssetKey) => boolean {
  if (target === "*") return () => true;
  try {
    const selection = parseSelection(target);
    const graph = buildAssetGraph(Definitions.merge(...parts));
    const { assets } = resolveSelection(graph, selection, () => true);
    const selected = new Set([...assets].map((asset) => asset.id));
    return (key) => selected.has(AssetKey.id(key));
  } catch (error) {
    throw problemAt(document, [...path, "target"], error);
  }
}

const problemAt = (document: YamlDocument, path: YamlPath, error: unknown): ProjectFileError =>
  error instanceof ProjectFileError
    ? error
    : new ProjectFileError(document.at(path), error instanceof Error ? error.message : String(error), error);

function withAttributes(
  spec: AssetSpec,
  { attributes, operation, path }: PostProcessor,
  { document, scope }: ProcessorPlace,
): AssetSpec {
  const names = { asset: assetScope(spec) };
  let changed = spec;
  for (const [name, raw] of Object.entries(attributes)) {
    try {
      changed = withAssetAttribute(changed, name, scope.resolve(raw, names), operation);
    } catch (error) {
      throw problemAt(document, [...path, "attributes", name], error);
    }
  }
  return changed;
}

function mapSpecs(
  asset: AssetsDefinition | ExternalAssetDefinition,
  change: (spec: AssetSpec) => AssetSpec,
): AssetsDefinition | ExternalAssetDefinition {
  if (asset.kind === "external") return { ...asset, spec: change(asset.spec) };
  const specs = asset.specs.map(change);
  if (specs.every((spec, index) => spec === asset.specs[index])) return asset;
  return { ...asset, specs, ...opPartitions(asset, specs) };
}

/** An op's own partitions are those of its assets, where these agree. */
function opPartitions(
  { partitionsDef }: AssetsDefinition,
  specs: readonly AssetSpec[],
): Pick<AssetsDefinition, "partitionsDef"> {
  const [first] = specs;
  const shared = first?.partitionsDef;
  if (shared === undefined) return partitionsDef === undefined ? {} : { partitionsDef };
  const id = partitionsId(shared);
  const agree = specs.every(
    (spec) => spec.partitionsDef !== undefined && partitionsId(spec.partitionsDef) === id,
  );
  return agree ? { partitionsDef: shared } : {};
}
