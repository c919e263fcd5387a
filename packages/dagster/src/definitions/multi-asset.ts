import { type OpOptions, opFields } from "./asset.ts";
import { type AssetCheckSpecInput, type AssetSpecInput, assetCheckSpec, assetSpec } from "./asset-spec.ts";
import type { AssetCheckSpec, AssetSpec, AssetsDefinition } from "./assets.ts";
import { eventsOf, type TypedContext } from "./compute.ts";
import type { ConfigFields } from "./config.ts";
import { DefinitionsError } from "./errors.ts";
import type { AssetEvent } from "./events.ts";
import type { AssetExecutionContext } from "./execution-context.ts";
import { AssetCheckKey, AssetKey } from "./keys.ts";
import { type PartitionsDefinition, partitionsId } from "./partitions.ts";
import type { ResourceMap } from "./resources.ts";
import { validName } from "./validate.ts";

export interface MultiAssetOptions<R extends ResourceMap, C extends ConfigFields = ConfigFields>
  extends OpOptions<R, C> {
  readonly name: string;
  readonly assets: readonly (AssetSpecInput | AssetSpec)[];
  readonly checks?: readonly (AssetCheckSpecInput | AssetCheckSpec)[];
  /** The op can make a part of its assets. Default: false, they run together or not at all. */
  readonly canSubset?: boolean;
  readonly description?: string;
  /** Group of the assets that name none. */
  readonly group?: string;
  /** Partitions of the assets that name none. */
  readonly partitions?: PartitionsDefinition;
}

type Produced = Iterable<AssetEvent> | AsyncIterable<AssetEvent>;

const isCompiled = <T extends object>(input: T | object): input is T =>
  "metadata" in input && "deps" in input;

/**
 * One function that makes several assets: it yields an event for each. What is selected stands in
 * `context.selectedAssetKeys`. An asset that was not yielded was not made, and a step that leaves out a
 * required one fails.
 */
export function multiAsset<
  R extends ResourceMap = Record<never, never>,
  C extends ConfigFields = ConfigFields,
>(
  options: MultiAssetOptions<R, C>,
  run: (context: TypedContext<R, C>) => Produced | Promise<Produced>,
): AssetsDefinition {
  const where = `op \`${options.name}\``;
  if (options.assets.length === 0) throw new DefinitionsError(`${where} must make at least one asset`);
  const specs = options.assets.map((input) => specOf(input, options));
  const checkSpecs = (options.checks ?? []).map((input) => ("key" in input ? input : assetCheckSpec(input)));
  refuseDuplicates(specs, checkSpecs, where);
  const { partitions, description } = options;
  const start = run as (context: AssetExecutionContext) => Produced | Promise<Produced>;
  return {
    kind: "assets",
    opName: validName(options.name, "op"),
    specs,
    checkSpecs,
    executionType: "materialization",
    canSubset: options.canSubset ?? false,
    ...opFields(options, where),
    ...(description === undefined ? {} : { description }),
    ...(partitions === undefined ? {} : { partitionsDef: partitions }),
    compute: async function* (context) {
      yield* eventsOf(await start(context));
    },
  };
}

function specOf<R extends ResourceMap, C extends ConfigFields>(
  input: AssetSpecInput | AssetSpec,
  { group, partitions }: MultiAssetOptions<R, C>,
): AssetSpec {
  if (isCompiled<AssetSpec>(input) && "groupName" in input) return withPartitions(input, partitions);
  const plain = input as AssetSpecInput;
  return withPartitions(assetSpec({ ...plain, group: plain.group ?? group }), partitions);
}

function withPartitions(spec: AssetSpec, partitions: PartitionsDefinition | undefined): AssetSpec {
  if (partitions === undefined) return spec;
  if (spec.partitionsDef === undefined) return { ...spec, partitionsDef: partitions };
  if (partitionsId(spec.partitionsDef) === partitionsId(partitions)) return spec;
  throw new DefinitionsError(
    `asset \`${AssetKey.toUserString(spec.key)}\` has another partitions definition than its op`,
  );
}

function refuseDuplicates(
  specs: readonly AssetSpec[],
  checks: readonly AssetCheckSpec[],
  where: string,
): void {
  const assets = new Set<string>();
  for (const { key } of specs) {
    const id = AssetKey.id(key);
    if (assets.has(id)) {
      throw new DefinitionsError(`${where} lists asset \`${AssetKey.toUserString(key)}\` twice`);
    }
    assets.add(id);
  }
  const seen = new Set<string>();
  for (const { key } of checks) {
    const id = AssetCheckKey.id(key);
    const fail = (what: string): never => {
      throw new DefinitionsError(
        `${where}: check \`${key.name}\` of \`${AssetKey.toUserString(key.assetKey)}\` ${what}`,
      );
    };
    if (seen.has(id)) fail("is listed twice");
    if (!assets.has(AssetKey.id(key.assetKey))) fail("is on an asset that this op does not make");
    seen.add(id);
  }
}
