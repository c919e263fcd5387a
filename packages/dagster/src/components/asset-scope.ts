import type { AssetSpec } from "../definitions/assets.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { MetadataValue } from "../definitions/metadata.ts";
import { didYouMean } from "../text-distance.ts";
import { templateFunction } from "./template/arguments.ts";
import { Namespace, Opaque, Undefined } from "./template/values.ts";

const members = (name: string, values: Readonly<Record<string, () => unknown>>): Namespace =>
  new Namespace(name, (attribute) => {
    const get = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
    if (get !== undefined) return get();
    return new Undefined(`${name} has no "${attribute}"${didYouMean(attribute, Object.keys(values))}`);
  });

const keyScope = (name: string, key: AssetKey): Namespace =>
  members(name, {
    path: () => [...key.path],
    parts: () => [...key.path],
    to_user_string: () => templateFunction("to_user_string", [], () => AssetKey.toUserString(key)),
    has_prefix: () =>
      templateFunction("has_prefix", ["prefix"], (args) =>
        args.texts("prefix").every((part, i) => key.path[i] === part),
      ),
  });

const opaque = (value: unknown): unknown => (value === undefined ? null : new Opaque(value));

/** Texts, numbers and truths as such; what else a template can do with a value is pass it on. */
function plain(value: MetadataValue): unknown {
  switch (value.kind) {
    case "text":
      return value.text;
    case "url":
      return value.url;
    case "path":
    case "notebook":
      return value.path;
    case "int":
    case "float":
    case "bool":
      return value.value;
    case "markdown":
      return value.markdown;
    case "json":
      return value.data;
    case "null":
      return null;
    default:
      return new Opaque(value);
  }
}

/** `asset` as templates of `post_processing` see it: Dagster's names. */
export const assetScope = (spec: AssetSpec): Namespace =>
  members("asset", {
    key: () => keyScope("asset.key", spec.key),
    description: () => spec.description ?? null,
    group_name: () => spec.groupName,
    code_version: () => spec.codeVersion ?? null,
    owners: () => [...spec.owners],
    kinds: () => [...spec.kinds].sort(),
    tags: () => ({
      ...spec.tags,
      ...Object.fromEntries(spec.kinds.map((kind) => [`dagster/kind/${kind}`, ""])),
    }),
    metadata: () =>
      Object.fromEntries(Object.entries(spec.metadata).map(([label, value]) => [label, plain(value)])),
    deps: () =>
      spec.deps.map((dep) => members("dep", { asset_key: () => keyScope("asset_key", dep.assetKey) })),
    skippable: () => spec.skippable,
    partitions_def: () => opaque(spec.partitionsDef),
    automation_condition: () => opaque(spec.automationCondition),
    freshness_policy: () => opaque(spec.freshnessPolicy),
  });
