import { createHash } from "node:crypto";
import type { AssetSpec } from "../../definitions/assets.ts";
import { AssetKey } from "../../definitions/keys.ts";
import type { EventRecord, EventStorage } from "../../instance/storage.ts";
import { assetKeyText } from "../../instance/sql/asset-key-text.ts";
import { asObject, compareText, isRecord, parseJson, pythonRepr, readTextMap } from "../../wire/index.ts";

const DATA_VERSION_TAG = "dagster/data_version";
const USER_PROVIDED_TAG = "dagster/data_version_is_user_provided";
const CODE_VERSION_TAG = "dagster/code_version";
/** What an input counts as that was never materialised. */
const INITIAL_VERSION = "INITIAL";
/** Upstreams with as many partitions or more count by their newest event; the host does the same. */
const MAX_INPUT_PARTITIONS = 100;

/** What a step took in from one upstream asset. */
export interface InputVersion {
  readonly event: EventRecord;
  readonly dataVersion: string | undefined;
}

/** Which partitions of an upstream asset a step reads; undefined when it is not partitioned. */
export type InputPartitions = (
  asset: AssetSpec,
  upstream: AssetKey,
) => Promise<readonly string[] | undefined>;

/**
 * Versions of a step's inputs. Those made outside the step are read when it starts, so that work which
 * appears meanwhile is not claimed as an input.
 */
export interface InputVersions {
  load(specs: readonly AssetSpec[], own: ReadonlySet<string>): Promise<void>;
  get(spec: AssetSpec, upstream: AssetKey): Promise<InputVersion | undefined>;
  /** After the step itself made a new version of the asset. */
  forget(key: AssetKey): void;
}

export function createInputVersions(events: EventStorage, partitions: InputPartitions): InputVersions {
  const known = new Map<string, InputVersion | undefined>();

  const fetch = async (wanted: ReadonlyMap<string, { spec: AssetSpec; key: AssetKey }>): Promise<void> => {
    const keys = [...wanted.values()].map((each) => each.key);
    const newest = await events.latestMaterializations(keys.map((key) => key.path));
    for (const [id, { spec, key }] of wanted) {
      const event =
        newest.get(assetKeyText(key.path)) ?? (await events.latestEvent(key.path, "ASSET_OBSERVATION"));
      known.set(
        id,
        event === undefined ? undefined : { event, dataVersion: await versionOf(event, spec, key) },
      );
    }
  };

  const versionOf = async (
    event: EventRecord,
    spec: AssetSpec,
    key: AssetKey,
  ): Promise<string | undefined> => {
    const keys = await partitions(spec, key);
    if (keys === undefined || keys.length >= MAX_INPUT_PARTITIONS)
      return eventTags(event.body)[DATA_VERSION_TAG];
    const versions = await events.latestTagByPartition(key.path, DATA_VERSION_TAG, keys);
    const ordered = [...versions].sort(([a], [b]) => compareText(a, b)).map(([, version]) => version);
    return sha256(ordered.join(""));
  };

  return {
    load: async (specs, own) => {
      const wanted = new Map<string, { spec: AssetSpec; key: AssetKey }>();
      for (const spec of specs) {
        for (const dep of spec.deps) {
          const id = AssetKey.id(dep.assetKey);
          if (!own.has(id)) wanted.set(id, { spec, key: dep.assetKey });
        }
      }
      if (wanted.size > 0) await fetch(wanted);
    },
    get: async (spec, upstream) => {
      const id = AssetKey.id(upstream);
      if (!known.has(id)) await fetch(new Map([[id, { spec, key: upstream }]]));
      return known.get(id);
    },
    forget: (key) => void known.delete(AssetKey.id(key)),
  };
}

/** Tags that say what a materialization was made from; staleness is computed from them. */
export async function provenanceTags(
  spec: AssetSpec,
  inputs: InputVersions,
  options: { readonly runId: string; readonly dataVersion: string | undefined },
): Promise<Readonly<Record<string, string>>> {
  const codeVersion = spec.codeVersion ?? options.runId;
  const tags: Record<string, string> = { [CODE_VERSION_TAG]: codeVersion };
  const versions: [string, string][] = [];
  for (const dep of spec.deps) {
    const key = AssetKey.toUserString(dep.assetKey);
    const input = await inputs.get(spec, dep.assetKey);
    const version = input?.dataVersion ?? INITIAL_VERSION;
    versions.push([sortText(dep.assetKey), version]);
    tags[`dagster/input_data_version/${key}`] = version;
    tags[`dagster/input_event_pointer/${key}`] = input === undefined ? "NULL" : String(input.event.storageId);
  }
  versions.sort(([a], [b]) => compareText(a, b));
  const computed = sha256(codeVersion + versions.map(([, version]) => version).join(""));
  tags[DATA_VERSION_TAG] = options.dataVersion ?? computed;
  if (options.dataVersion !== undefined) tags[USER_PROVIDED_TAG] = "true";
  return tags;
}

/** Tags of an observation that tells a version. */
export const observedVersionTags = (dataVersion: string | undefined): Readonly<Record<string, string>> =>
  dataVersion === undefined ? {} : { [DATA_VERSION_TAG]: dataVersion, [USER_PROVIDED_TAG]: "true" };

/** The host orders inputs by the Python text of their keys. */
const sortText = (key: AssetKey): string => `AssetKey([${key.path.map(pythonRepr).join(", ")}])`;

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** Tags of the materialization or observation inside a serialised entry. */
function eventTags(body: string): Readonly<Record<string, string>> {
  const event = asObject(parseJson(body), "EventLogEntry").dagster_event;
  const data = isRecord(event) ? event.event_specific_data : undefined;
  if (!isRecord(data)) return {};
  const asset = data.materialization ?? data.asset_observation;
  return isRecord(asset) ? readTextMap(asset.tags) : {};
}
