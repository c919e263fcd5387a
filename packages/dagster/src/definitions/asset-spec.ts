import { type AssetRef, keyOf, keysOf } from "./asset-ref.ts";
import type { AssetCheckSpec, AssetDep, AssetSpec, FreshnessPolicy } from "./assets.ts";
import type { AutomationCondition } from "./automation.ts";
import { coerceMetadata } from "./coerce-metadata.ts";
import { DefinitionsError } from "./errors.ts";
import { AssetCheckKey, AssetKey, type AssetKeyLike } from "./keys.ts";
import type { MetadataInput } from "./metadata.ts";
import type { PartitionMapping, PartitionsDefinition } from "./partitions.ts";
import { validGroup, validKinds, validName, validOwners, validTags } from "./validate.ts";

/** Anything that names one upstream asset, with the way that their partitions belong together. */
export type AssetDepLike =
  | AssetRef
  | { readonly asset: AssetRef; readonly partitionMapping?: PartitionMapping };

/** What users write about an asset; everything but the key is optional. */
export interface AssetSpecInput {
  readonly key: AssetKeyLike;
  readonly deps?: readonly AssetDepLike[];
  readonly description?: string | undefined;
  readonly metadata?: MetadataInput;
  /** Letters, digits and underscores, in segments joined by `/`. Default: `default`. */
  readonly group?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  /** Icons on the asset's box, such as `duckdb`; at most ten. */
  readonly kinds?: Iterable<string>;
  /** E-mail addresses or `team:name`. */
  readonly owners?: readonly string[];
  readonly codeVersion?: string | undefined;
  readonly freshnessPolicy?: FreshnessPolicy | undefined;
  readonly automationCondition?: AutomationCondition | undefined;
  readonly partitions?: PartitionsDefinition | undefined;
  /** The op may end without making this asset. Default: false. */
  readonly skippable?: boolean;
}

/** What users write about a check. */
export interface AssetCheckSpecInput {
  readonly name: string;
  readonly asset: AssetRef;
  readonly description?: string | undefined;
  /** A failed blocking check stops the steps that read the asset. Default: false. */
  readonly blocking?: boolean;
  readonly additionalDeps?: readonly AssetDepLike[];
  readonly metadata?: MetadataInput;
  readonly automationCondition?: AutomationCondition | undefined;
  readonly partitions?: PartitionsDefinition | undefined;
}

/** Compiles an asset's declaration. Throws `DefinitionsError` when Dagster's rules for names are broken. */
export function assetSpec(input: AssetSpecInput): AssetSpec {
  const key = validKey(AssetKey.from(input.key));
  const where = `asset \`${AssetKey.toUserString(key)}\``;
  const { description, codeVersion, freshnessPolicy, automationCondition, partitions } = input;
  return {
    key,
    deps: compileDeps(input.deps ?? [], where),
    metadata: coerceMetadata(input.metadata ?? {}),
    groupName: validGroup(input.group, where),
    tags: validTags(input.tags ?? {}, where),
    kinds: validKinds(input.kinds ?? [], where),
    owners: validOwners(input.owners ?? [], where),
    skippable: input.skippable ?? false,
    ...(description === undefined ? {} : { description }),
    ...(codeVersion === undefined ? {} : { codeVersion }),
    ...(freshnessPolicy === undefined ? {} : { freshnessPolicy }),
    ...(automationCondition === undefined ? {} : { automationCondition }),
    ...(partitions === undefined ? {} : { partitionsDef: partitions }),
  };
}

export function assetCheckSpec(input: AssetCheckSpecInput): AssetCheckSpec {
  const assetKey = validKey(keyOf(input.asset, `check \`${input.name}\``));
  const where = `check \`${input.name}\` of asset \`${AssetKey.toUserString(assetKey)}\``;
  const { description, automationCondition, partitions } = input;
  return {
    key: AssetCheckKey.of(assetKey, validName(input.name, "check")),
    blocking: input.blocking ?? false,
    additionalDeps: compileDeps(input.additionalDeps ?? [], where),
    metadata: coerceMetadata(input.metadata ?? {}),
    ...(description === undefined ? {} : { description }),
    ...(automationCondition === undefined ? {} : { automationCondition }),
    ...(partitions === undefined ? {} : { partitionsDef: partitions }),
  };
}

/** Reads every form in which a dependency may be written; the same asset twice is an error. */
export function compileDeps(deps: readonly AssetDepLike[], where: string): readonly AssetDep[] {
  const compiled = deps.flatMap((dep) => compileDep(dep, where));
  if (compiled.length < 2) return compiled;
  const seen = new Set<string>();
  for (const { assetKey } of compiled) {
    const id = AssetKey.id(assetKey);
    if (seen.has(id)) {
      throw new DefinitionsError(
        `${where} names the dependency \`${AssetKey.toUserString(assetKey)}\` twice`,
      );
    }
    seen.add(id);
  }
  return compiled;
}

/** An op that makes several assets stands for all of them, except where a partition mapping belongs to one. */
function compileDep(dep: AssetDepLike, where: string): AssetDep | readonly AssetDep[] {
  if (typeof dep === "string" || !("asset" in dep)) return keysOf(dep).map((assetKey) => ({ assetKey }));
  const assetKey = keyOf(dep.asset, where);
  return dep.partitionMapping === undefined
    ? { assetKey }
    : { assetKey, partitionMapping: dep.partitionMapping };
}

function validKey(key: AssetKey): AssetKey {
  if (key.path.length > 0 && key.path.every((part) => part !== "")) return key;
  throw new DefinitionsError(
    `asset key \`${AssetKey.toUserString(key)}\` must have at least one segment and no empty one`,
  );
}
