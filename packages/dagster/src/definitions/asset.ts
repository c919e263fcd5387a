import { type AssetCheckSpecInput, type AssetSpecInput, assetCheckSpec, assetSpec } from "./asset-spec.ts";
import type { AssetsDefinition, ExternalAssetDefinition, RetryPolicy } from "./assets.ts";
import { type AssetReturn, singleAssetCompute, type TypedContext } from "./compute.ts";
import type { ConfigFields } from "./config.ts";
import type { AssetExecutionContext } from "./execution-context.ts";
import type { HookDefinition } from "./hooks.ts";
import { AssetKey } from "./keys.ts";
import type { BackfillPolicy } from "./partitions.ts";
import type { ResourceMap } from "./resources.ts";
import { validName, validPool } from "./validate.ts";

/** Options that every op has. */
export interface OpOptions<R extends ResourceMap, C extends ConfigFields = ConfigFields> {
  /** Tags of the op (not of its assets); steps carry them. */
  readonly opTags?: Readonly<Record<string, string>>;
  readonly backfillPolicy?: BackfillPolicy;
  readonly retryPolicy?: RetryPolicy;
  /** Steps of one pool share a limit that is set in the UI. */
  readonly pool?: string;
  /** Resources by the name under which `context.resources` holds them. */
  readonly resources?: R;
  /** What a run may configure; `context.opConfig` holds it, checked and with defaults. */
  readonly config?: C;
  /** Keys of resources that are declared elsewhere. */
  readonly requiredResourceKeys?: readonly string[];
  /** What follows each step of the op. */
  readonly hooks?: readonly HookDefinition[];
}

export interface AssetOptions<R extends ResourceMap, C extends ConfigFields = ConfigFields>
  extends AssetSpecInput,
    OpOptions<R, C> {
  /** Default: the key's segments joined with `__`. */
  readonly opName?: string;
  /** Checks that the same function evaluates. */
  readonly checks?: readonly Omit<AssetCheckSpecInput, "asset">[];
}

/**
 * An asset and the function that makes it.
 *
 * The function returns nothing, an outcome (`{ metadata, dataVersion, checks }`) or events; it throws when
 * the asset was not made. Throws `DefinitionsError` when a name breaks Dagster's rules.
 */
export function asset<R extends ResourceMap = Record<never, never>, C extends ConfigFields = ConfigFields>(
  options: AssetOptions<R, C>,
  run: (context: TypedContext<R, C>) => AssetReturn | Promise<AssetReturn>,
): AssetsDefinition {
  return singleAsset(options, "materialization", run);
}

/** An asset that is made elsewhere and only observed here, usually for its data version. */
export function observableSource<
  R extends ResourceMap = Record<never, never>,
  C extends ConfigFields = ConfigFields,
>(
  options: AssetOptions<R, C>,
  run: (context: TypedContext<R, C>) => AssetReturn | Promise<AssetReturn>,
): AssetsDefinition {
  return singleAsset(options, "observation", run);
}

function singleAsset<R extends ResourceMap, C extends ConfigFields>(
  options: AssetOptions<R, C>,
  executionType: AssetsDefinition["executionType"],
  run: (context: TypedContext<R, C>) => AssetReturn | Promise<AssetReturn>,
): AssetsDefinition {
  const spec = assetSpec(options);
  const { key } = spec;
  const { partitions, description } = options;
  return {
    kind: "assets",
    opName: validName(options.opName ?? opNameOf(key), "op"),
    specs: [spec],
    checkSpecs: (options.checks ?? []).map((check) => assetCheckSpec({ ...check, asset: key })),
    executionType,
    canSubset: false,
    outputName: "result",
    ...opFields(options, `asset \`${AssetKey.toUserString(key)}\``),
    ...(description === undefined ? {} : { description }),
    ...(partitions === undefined ? {} : { partitionsDef: partitions }),
    compute: singleAssetCompute(
      key,
      executionType === "materialization" ? "materialize" : "observe",
      // The worker gives exactly the resources that `opFields` asks for.
      run as (context: AssetExecutionContext) => AssetReturn | Promise<AssetReturn>,
    ),
  };
}

/** An asset that this location knows and shows but does not make. */
export const externalAsset = (options: AssetSpecInput): ExternalAssetDefinition => ({
  kind: "external",
  spec: assetSpec(options),
});

/** Dagster's name for the op of one asset. */
const opNameOf = (key: AssetKey): string => key.path.join("__").replaceAll(/[^A-Za-z0-9_]/g, "_");

/** The compiled form of the options that every op has. */
export function opFields<R extends ResourceMap, C extends ConfigFields>(
  options: OpOptions<R, C>,
  where: string,
) {
  const pool = validPool(options.pool, where);
  const { backfillPolicy, retryPolicy, resources, config, opTags = {}, requiredResourceKeys = [] } = options;
  return {
    opTags,
    requiredResourceKeys: [...new Set([...requiredResourceKeys, ...Object.keys(resources ?? {})])],
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(backfillPolicy === undefined ? {} : { backfillPolicy }),
    ...(retryPolicy === undefined ? {} : { retryPolicy }),
    ...(pool === undefined ? {} : { pool }),
    ...(resources === undefined ? {} : { resources }),
    ...(config === undefined ? {} : { config }),
  };
}
