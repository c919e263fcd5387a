import type { AssetSpec, FreshnessPolicy } from "../definitions/assets.ts";
import { compileDeps } from "../definitions/asset-spec.ts";
import type { AutomationCondition } from "../definitions/automation.ts";
import { coerceMetadata } from "../definitions/coerce-metadata.ts";
import { DefinitionsError } from "../definitions/errors.ts";
import { AssetKey, type AssetKeyLike } from "../definitions/keys.ts";
import type { MetadataInput } from "../definitions/metadata.ts";
import {
  cronPartitions,
  dailyPartitions,
  dynamicPartitions,
  hourlyPartitions,
  monthlyPartitions,
  staticPartitions,
  weeklyPartitions,
} from "../definitions/partition-factories.ts";
import type { PartitionsDefinition } from "../definitions/partitions.ts";
import { validGroup, validKinds, validOwners, validTags } from "../definitions/validate.ts";
import { didYouMean } from "../text-distance.ts";

const TEXT = { type: ["string", "null"] } as const;
const WINDOW = {
  start_date: { type: "string" },
  end_date: TEXT,
  timezone: TEXT,
} as const;

const window = (type: string, properties: object, required: readonly string[]) => ({
  type: "object",
  additionalProperties: false,
  properties: { type: { enum: [type] }, ...WINDOW, ...properties },
  required: ["type", "start_date", ...required],
});

const OFFSET = { type: "integer" } as const;

/** What YAML may say about an asset, by Dagster's name for it. */
export type AssetAttribute =
  | "deps"
  | "description"
  | "metadata"
  | "group_name"
  | "skippable"
  | "code_version"
  | "owners"
  | "tags"
  | "kinds"
  | "automation_condition"
  | "freshness_policy"
  | "partitions_def";

/** JSON schema of a mapping with any of these attributes. */
export interface AssetAttributesSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<AssetAttribute, object>>;
}

/** What may be said about an asset that exists already, a template in place of any value aside. */
export const assetAttributesSchema: AssetAttributesSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    deps: { type: ["array", "null"], items: { type: "string" } },
    description: TEXT,
    metadata: { type: ["object", "null"] },
    group_name: TEXT,
    skippable: { type: ["boolean", "null"] },
    code_version: { type: ["string", "number", "null"] },
    owners: { type: ["array", "null"], items: { type: "string" } },
    tags: { type: ["object", "null"], additionalProperties: { type: ["string", "number", "boolean"] } },
    kinds: { type: ["array", "null"], items: { type: "string" } },
    automation_condition: TEXT,
    freshness_policy: TEXT,
    partitions_def: {
      anyOf: [
        { type: "null" },
        window("hourly", { minute_offset: OFFSET }, []),
        window("daily", { minute_offset: OFFSET, hour_offset: OFFSET }, []),
        window("weekly", { minute_offset: OFFSET, hour_offset: OFFSET, day_offset: OFFSET }, []),
        window("monthly", { minute_offset: OFFSET, hour_offset: OFFSET, day_offset: OFFSET }, []),
        window("time_window", { fmt: { type: "string" }, cron_schedule: { type: "string" } }, [
          "fmt",
          "cron_schedule",
        ]),
        {
          type: "object",
          additionalProperties: false,
          properties: {
            type: { enum: ["static"] },
            partition_keys: { type: "array", items: { type: "string" } },
          },
          required: ["type", "partition_keys"],
        },
        {
          type: "object",
          additionalProperties: false,
          properties: { type: { enum: ["dynamic"] }, name: { type: "string" } },
          required: ["type", "name"],
        },
      ],
    },
  },
};

/** Whether tags and metadata add to what is there, or replace it. Everything else always replaces. */
export type AttributeOperation = "merge" | "replace";

type Update = (value: unknown, spec: AssetSpec, operation: AttributeOperation) => Partial<AssetSpec>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const where = ({ key }: AssetSpec): string => `asset \`${AssetKey.toUserString(key)}\``;

function expected(what: string, value: unknown): never {
  throw new DefinitionsError(`expected ${what}, found ${JSON.stringify(value) ?? typeof value}`);
}

/** A template that gives digits or a truth was meant as text here. */
function text(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return expected("text", value);
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(text) : expected("a list of texts", value);

/** A template may give a key itself. */
const keys = (value: unknown): readonly AssetKeyLike[] =>
  Array.isArray(value)
    ? value.map((item) =>
        isRecord(item) && Array.isArray(item.path) ? AssetKey.of(...texts(item.path)) : text(item),
      )
    : expected("a list of asset keys", value);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : expected("a mapping", value);

const textMap = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, text(item)]));

const UPDATES: Readonly<Record<AssetAttribute, Update>> = {
  deps: (value, spec) => ({ deps: compileDeps(keys(value), where(spec)) }),
  description: (value) => ({ description: text(value) }),
  // Where an op makes the asset, Dagster keeps the op's own metadata in either case.
  metadata: (value, spec) => ({
    metadata: { ...spec.metadata, ...coerceMetadata(record(value) as MetadataInput) },
  }),
  group_name: (value, spec) => ({ groupName: validGroup(text(value), where(spec)) }),
  skippable: (value) => ({
    skippable: typeof value === "boolean" ? value : expected("true or false", value),
  }),
  code_version: (value) => ({ codeVersion: text(value) }),
  owners: (value, spec) => ({ owners: validOwners(texts(value), where(spec)) }),
  tags: (value, spec, operation) => ({
    tags: validTags({ ...(operation === "merge" ? spec.tags : {}), ...textMap(value) }, where(spec)),
  }),
  kinds: (value, spec) => ({ kinds: validKinds(texts(value), where(spec)) }),
  automation_condition: (value) => ({ automationCondition: condition(value) }),
  freshness_policy: (value) => ({ freshnessPolicy: freshness(value) }),
  partitions_def: (value) => ({ partitionsDef: partitions(value) }),
};

const isAttribute = (name: string): name is AssetAttribute => Object.hasOwn(UPDATES, name);

/**
 * The asset with one attribute more, named as in `assetAttributesSchema`; its templates are resolved. Null takes back
 * a group and is no word about anything else. Throws `DefinitionsError`.
 */
export function withAssetAttribute(
  spec: AssetSpec,
  name: string,
  value: unknown,
  operation: AttributeOperation,
): AssetSpec {
  if (!isAttribute(name)) return spec;
  if (value === null || value === undefined) {
    return name === "group_name" ? { ...spec, groupName: "default" } : spec;
  }
  return { ...spec, ...UPDATES[name](value, spec, operation) };
}

const isCondition = (value: unknown): value is AutomationCondition =>
  isRecord(value) && value.kind === "automationCondition" && "tree" in value;

const condition = (value: unknown): AutomationCondition =>
  isCondition(value) ? value : expected('a condition, such as "{{ dg.AutomationCondition.eager() }}"', value);

const isFreshness = (value: unknown): value is FreshnessPolicy =>
  isRecord(value) && (value.kind === "timeWindow" || value.kind === "cron");

const freshness = (value: unknown): FreshnessPolicy =>
  isFreshness(value) ? value : expected('a policy, such as "{{ dg.FreshnessPolicy.time_window(…) }}"', value);

const KINDS = new Set(["static", "dynamic", "multi", "timeWindow"]);
const isPartitions = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value.kind === "string" && KINDS.has(value.kind);

const optional = <K extends string, T>(key: K, value: unknown, read: (value: unknown) => T) =>
  (value === undefined || value === null ? {} : { [key]: read(value) }) as { readonly [P in K]?: T };

const whole = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) ? value : expected("a whole number", value);

const PARTITION_TYPES = ["hourly", "daily", "weekly", "monthly", "time_window", "static", "dynamic"] as const;
type PartitionType = (typeof PARTITION_TYPES)[number];

function partitionType(given: unknown): PartitionType {
  const known = PARTITION_TYPES.find((type) => type === given);
  if (known !== undefined) return known;
  throw new DefinitionsError(
    `expected partitions of type ${PARTITION_TYPES.join(", ")}, found ${JSON.stringify(given) ?? "none"}` +
      didYouMean(String(given), PARTITION_TYPES),
  );
}

/** What a template made, or a mapping with the type of partitions and its options. */
function partitions(value: unknown): PartitionsDefinition {
  const given = record(value);
  if (isPartitions(given)) return given as unknown as PartitionsDefinition;
  const type = partitionType(given.type);
  if (type === "static") return staticPartitions(texts(given.partition_keys));
  if (type === "dynamic") return dynamicPartitions(text(given.name));
  return windows(type, given);
}

function windows(
  type: Exclude<PartitionType, "static" | "dynamic">,
  given: Readonly<Record<string, unknown>>,
): PartitionsDefinition {
  const options = {
    start: text(given.start_date),
    ...optional("end", given.end_date, text),
    ...optional("timezone", given.timezone, text),
    ...optional("minuteOffset", given.minute_offset, whole),
    ...optional("hourOffset", given.hour_offset, whole),
    ...optional("dayOffset", given.day_offset, whole),
  };
  switch (type) {
    case "hourly":
      return hourlyPartitions(options);
    case "daily":
      return dailyPartitions(options);
    case "weekly":
      return weeklyPartitions(options);
    case "monthly":
      return monthlyPartitions(options);
    case "time_window":
      return cronPartitions({ ...options, cron: text(given.cron_schedule), format: text(given.fmt) });
    default:
      return type satisfies never;
  }
}
