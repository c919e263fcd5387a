import type { AssetChecksDefinition, AssetsDefinition, ExternalAssetDefinition } from "./assets.ts";
import type { AssetJobDefinition, Definitions as DefinitionsShape } from "./definitions.ts";
import { keysOf } from "./asset-ref.ts";
import { DefinitionsError } from "./errors.ts";
import type { ScheduleDefinition, SensorDefinition } from "./instigators.ts";
import { AssetCheckKey, AssetKey } from "./keys.ts";
import type { LoggerDefinition, LoggerMap } from "./loggers.ts";
import type { MetadataInput } from "./metadata.ts";
import type { ResourceDefinition, ResourceMap } from "./resources.ts";

/** Everything that one code location holds. */
export type Definitions = DefinitionsShape;

/** The parts of a code location; each may be left out. */
export interface DefinitionsInput {
  readonly assets?: readonly (AssetsDefinition | ExternalAssetDefinition)[];
  readonly assetChecks?: readonly AssetChecksDefinition[];
  readonly jobs?: readonly AssetJobDefinition[];
  readonly schedules?: readonly ScheduleDefinition[];
  readonly sensors?: readonly SensorDefinition[];
  readonly resources?: ResourceMap;
  /** Destinations for logs, chosen by runs in their config: `loggers: { <name>: { config: … } }`. */
  readonly loggers?: LoggerMap;
  readonly metadata?: MetadataInput;
}

export const Definitions = {
  /** Gathers definitions; resources that ops bring along are added. Throws `DefinitionsError`. */
  create(input: DefinitionsInput): Definitions {
    const { assets = [], assetChecks = [], jobs = [], schedules = [], sensors = [], metadata = {} } = input;
    const own = [...assets, ...assetChecks, ...schedules, ...sensors].flatMap((definition) =>
      definition.kind !== "external" && definition.resources !== undefined ? [definition.resources] : [],
    );
    const resources = mergeResources([input.resources ?? {}, ...own].flatMap(withInner));
    const { loggers } = input;
    return Object.freeze({
      assets,
      assetChecks,
      jobs,
      schedules,
      sensors,
      resources,
      metadata,
      ...(loggers === undefined ? {} : { loggers }),
    });
  },

  /**
   * One set of definitions from several. The same asset, check, op, job, schedule or sensor in two of them
   * is an error; one resource object under one key in several is not.
   */
  merge(...parts: Definitions[]): Definitions {
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    const assets = parts.flatMap((part) => part.assets);
    const assetChecks = parts.flatMap((part) => part.assetChecks);
    refuseTwice("asset", assets.flatMap(keysOf), (key) => AssetKey.id(key), AssetKey.toUserString);
    refuseTwice(
      "check",
      [...assets, ...assetChecks].flatMap(checkKeysOf),
      (key) => AssetCheckKey.id(key),
      (key) => `${AssetKey.toUserString(key.assetKey)}:${key.name}`,
    );
    const named = <T extends { readonly name: string }>(what: string, items: readonly T[]): readonly T[] => {
      refuseTwice(
        what,
        items,
        (item) => item.name,
        (item) => item.name,
      );
      return items;
    };
    return Object.freeze({
      assets,
      assetChecks,
      jobs: named(
        "job",
        parts.flatMap((part) => part.jobs),
      ),
      schedules: named(
        "schedule",
        parts.flatMap((part) => part.schedules),
      ),
      sensors: named(
        "sensor",
        parts.flatMap((part) => part.sensors),
      ),
      resources: mergeResources(parts.map((part) => part.resources)),
      metadata: mergeMetadata(parts),
      loggers: mergeLoggers(parts.map((part) => part.loggers ?? {})),
    });
  },

  empty: (): Definitions => Definitions.create({}),
} as const;

const checkKeysOf = (
  definition: AssetsDefinition | ExternalAssetDefinition | AssetChecksDefinition,
): readonly AssetCheckKey[] =>
  definition.kind === "external" ? [] : definition.checkSpecs.map((spec) => spec.key);

function refuseTwice<T>(
  what: string,
  items: readonly T[],
  identify: (item: T) => string,
  show: (item: T) => string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    const id = identify(item);
    if (seen.has(id)) {
      const advice = what === "asset" ? "give one of them another key" : "give one of them another name";
      throw new DefinitionsError(`${what} \`${show(item)}\` is defined twice; ${advice}`);
    }
    seen.add(id);
  }
}

/** The resources and, recursively, those that they are built on. */
const withInner = (resources: ResourceMap): readonly ResourceMap[] => [
  resources,
  ...Object.values(resources).flatMap((one) => (one.resources === undefined ? [] : withInner(one.resources))),
];

/** One map of several; the same key may stand in many of them when it has the same object. */
function mergeShared<T extends object>(
  what: string,
  parts: readonly Readonly<Record<string, T>>[],
): Readonly<Record<string, T>> {
  const merged: Record<string, T> = {};
  for (const part of parts) {
    for (const [key, definition] of Object.entries(part)) {
      if (merged[key] !== undefined && merged[key] !== definition) {
        throw new DefinitionsError(
          `${what} \`${key}\` has two different definitions; share one object or use another key`,
        );
      }
      merged[key] = definition;
    }
  }
  return Object.freeze(merged);
}

const mergeResources = (parts: readonly ResourceMap[]): ResourceMap =>
  mergeShared<ResourceDefinition>("resource", parts);

const mergeLoggers = (parts: readonly LoggerMap[]): LoggerMap =>
  mergeShared<LoggerDefinition>("logger", parts);

function mergeMetadata(parts: readonly Definitions[]): MetadataInput {
  const merged: Record<string, MetadataInput[string]> = {};
  for (const { metadata } of parts) {
    for (const [label, value] of Object.entries(metadata)) {
      if (label in merged && JSON.stringify(merged[label]) !== JSON.stringify(value)) {
        throw new DefinitionsError(`metadata \`${label}\` has two different values`);
      }
      merged[label] = value;
    }
  }
  return merged;
}
