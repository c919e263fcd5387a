import {
  type AssetAttribute,
  AssetKey,
  type AssetSpec,
  assetAttributesSchema,
  type TemplateScope,
  withAssetAttribute,
} from "@dagster-rocky/dagster";
import { groupName } from "./build/names.ts";
import { RockyComponentError } from "./component-error.ts";
import { freshnessFrom } from "./freshness-attribute.ts";
import { isObject } from "./json.ts";
import { resolveTemplates } from "./templates.ts";
import {
  boolean,
  invalid,
  mapping,
  nullable,
  type Read,
  refuseUnknownKeys,
  string,
  strings,
} from "./values.ts";

/** What the templates of `translation` may name, beside the ordinary scope. */
export interface TranslationProps {
  readonly sourceId: string;
  readonly sourceType: string;
  /** The translator's group, before translation. */
  readonly groupName: string;
  readonly tableName: string;
  readonly rowCount: number | undefined;
}

/** Changes one asset's spec; what it does not name stays. */
export type SpecTranslation = (spec: AssetSpec, props: TranslationProps) => AssetSpec;

const SHARED = Object.keys(assetAttributesSchema.properties) as readonly AssetAttribute[];

/** Keys of `translation`, as Dagster's asset attributes name them. `key_prefix` comes after `key`. */
const TRANSLATION_KEYS = [...SHARED, "key", "key_prefix"] as const;

/** JSON schema of the attribute. */
export const TRANSLATION_SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...assetAttributesSchema.properties,
    freshness_policy: { type: ["string", "object", "null"] },
    key: { type: ["string", "array", "null"], items: { type: "string" } },
    key_prefix: { type: ["string", "array", "null"], items: { type: "string" } },
  },
} as const;

/**
 * Compiles the attribute. A mapping is checked here, so that a wrong key is found even when there is no
 * asset to translate; its templates, and a template for the whole, are resolved asset by asset.
 */
export function compileTranslation(raw: unknown, scope: TemplateScope): SpecTranslation {
  if (isObject(raw)) refuseUnknownKeys(raw, TRANSLATION_KEYS, "translation");
  else if (typeof raw !== "string") throw invalid("translation", "expected a mapping or a template");
  return (spec, props) => {
    const resolved = resolveTemplates(raw, scope, {
      source_id: props.sourceId,
      source_type: props.sourceType,
      group_name: props.groupName,
      table_name: props.tableName,
      row_count: props.rowCount ?? null,
      spec,
    });
    if (resolved === spec) return spec;
    const updates = mapping(resolved, "translation");
    refuseUnknownKeys(updates, TRANSLATION_KEYS, "translation");
    return translate(spec, updates);
  };
}

function translate(spec: AssetSpec, updates: Readonly<Record<string, unknown>>): AssetSpec {
  let result: AssetSpec = spec;
  for (const name of SHARED) {
    if (updates[name] !== undefined) result = withShared(result, name, updates[name]);
  }
  const key = nullable(keyFrom)(updates.key, "translation.key");
  const prefix = nullable(prefixFrom)(updates.key_prefix, "translation.key_prefix");
  if (key === undefined && prefix === undefined) return result;
  return { ...result, key: AssetKey.of(...(prefix ?? []), ...(key ?? spec.key).path) };
}

/** Tags and metadata are merged, everything else replaces. */
function withShared(spec: AssetSpec, name: AssetAttribute, value: unknown): AssetSpec {
  const at = `translation.${name}`;
  const read = nullable(READ[name] ?? ((given) => given));
  try {
    return withAssetAttribute(spec, name, read(value, at) ?? value, "merge");
  } catch (error) {
    throw error instanceof RockyComponentError
      ? error
      : invalid(at, error instanceof Error ? error.message : String(error));
  }
}

/** Values that may be written in more ways than elsewhere. A group made of names in the data is made valid. */
const READ: { readonly [Name in AssetAttribute]?: Read<unknown> } = {
  group_name: (value, at) => groupName(string(value, at)),
  skippable: boolean,
  freshness_policy: freshnessFrom,
};

const keyFrom: Read<AssetKey> = (value, at) => {
  if (isObject(value) && Array.isArray(value.path)) return AssetKey.of(...strings(value.path, at));
  return AssetKey.from(Array.isArray(value) ? strings(value, at) : string(value, at));
};

/** A text is one segment, slashes included. */
const prefixFrom: Read<readonly string[]> = (value, at) =>
  typeof value === "string" ? [value] : strings(value, at);
