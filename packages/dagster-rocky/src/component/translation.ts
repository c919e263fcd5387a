import {
  AssetKey,
  type AssetSpec,
  coerceMetadata,
  type MetadataInput,
  type TemplateScope,
} from "@dagster-rocky/dagster";
import { isObject } from "./json.ts";
import { resolveTemplates } from "./templates.ts";
import { partitionsFrom, freshnessFrom, automationFrom, depsFrom, keyFrom } from "./translation-values.ts";
import { boolean, invalid, mapping, refuseUnknownKeys, string, stringMap, strings } from "./values.ts";

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

/** Keys of `translation`, as Dagster's asset attributes name them. */
export const TRANSLATION_KEYS = [
  "deps",
  "description",
  "metadata",
  "group_name",
  "skippable",
  "code_version",
  "owners",
  "tags",
  "kinds",
  "automation_condition",
  "partitions_def",
  "freshness_policy",
  "key",
  "key_prefix",
] as const;

type TranslationKey = (typeof TRANSLATION_KEYS)[number];

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
  for (const key of TRANSLATION_KEYS) {
    const value = updates[key];
    if (value === undefined) continue;
    result = { ...result, ...UPDATES[key](value, result, `translation.${key}`) };
  }
  return result;
}

type Update = (value: unknown, spec: AssetSpec, at: string) => Partial<AssetSpec>;

/** Tags and metadata are merged, everything else replaces; `key_prefix` comes after `key`. */
const UPDATES: Readonly<Record<TranslationKey, Update>> = {
  deps: (value, _spec, at) => ({ deps: depsFrom(value, at) }),
  description: (value, _spec, at) => ({ description: string(value, at) }),
  metadata: (value, spec, at) => ({
    metadata: { ...spec.metadata, ...coerceMetadata(mapping(value, at) as MetadataInput) },
  }),
  group_name: (value, _spec, at) => ({ groupName: string(value, at) }),
  skippable: (value, _spec, at) => ({ skippable: boolean(value, at) }),
  code_version: (value, _spec, at) => ({ codeVersion: string(value, at) }),
  owners: (value, _spec, at) => ({ owners: strings(value, at) }),
  tags: (value, spec, at) => ({ tags: { ...spec.tags, ...stringMap(value, at) } }),
  kinds: (value, _spec, at) => ({ kinds: strings(value, at) }),
  automation_condition: (value, _spec, at) => ({ automationCondition: automationFrom(value, at) }),
  partitions_def: (value, _spec, at) => ({ partitionsDef: partitionsFrom(value, at) }),
  freshness_policy: (value, _spec, at) => ({ freshnessPolicy: freshnessFrom(value, at) }),
  key: (value, _spec, at) => ({ key: keyFrom(value, at) }),
  key_prefix: (value, spec, at) => ({
    key: AssetKey.of(...(typeof value === "string" ? [value] : strings(value, at)), ...spec.key.path),
  }),
};
