import type {
  AssetCompute,
  AssetChecksDefinition,
  AssetsDefinition,
  AssetSpec,
} from "../definitions/assets.ts";
import type { Definitions } from "../definitions/definitions.ts";
import { AssetCheckKey, AssetKey, type AssetKeyLike } from "../definitions/keys.ts";
import type { Instance } from "../instance/open-instance.ts";
import type { FixtureInstance } from "../instance/sqlite/fixture.ts";
import { executeRun, type ExecuteRunOptions, type ExecuteRunResult } from "./run/execute-run.ts";

/** For tests: definitions in few words. */
export const spec = (
  key: AssetKeyLike,
  deps: readonly AssetKeyLike[] = [],
  rest: Partial<AssetSpec> = {},
): AssetSpec => ({
  key: AssetKey.from(key),
  deps: deps.map((dep) => ({ assetKey: AssetKey.from(dep) })),
  metadata: {},
  groupName: "default",
  tags: {},
  kinds: [],
  owners: [],
  skippable: false,
  ...rest,
});

export const op = (
  specs: readonly AssetSpec[],
  compute: AssetCompute,
  rest: Partial<AssetsDefinition> = {},
): AssetsDefinition => ({
  kind: "assets",
  opName: specs[0]?.key.path.join("__") ?? "op",
  specs,
  checkSpecs: [],
  executionType: "materialization",
  canSubset: false,
  opTags: {},
  requiredResourceKeys: [],
  ...(specs.length === 1 ? { outputName: "result" } : {}),
  compute,
  ...rest,
});

export const checkSpec = (asset: AssetKeyLike, name: string, blocking = false) => ({
  key: AssetCheckKey.of(asset, name),
  blocking,
  additionalDeps: [],
  metadata: {},
});

export const checkOp = (
  asset: AssetKeyLike,
  name: string,
  compute: AssetCompute,
  blocking = false,
): AssetChecksDefinition => ({
  kind: "checks",
  opName: `${AssetKey.from(asset).path.join("__")}_${name}`,
  checkSpecs: [checkSpec(asset, name, blocking)],
  canSubset: false,
  opTags: {},
  requiredResourceKeys: [],
  compute,
});

export const definitions = (assets: Definitions["assets"], rest: Partial<Definitions> = {}): Definitions => ({
  assets,
  assetChecks: [],
  jobs: [],
  schedules: [],
  sensors: [],
  resources: {},
  metadata: {},
  ...rest,
});

/** Runs definitions in a fixture instance and gives the events of the run. */
export async function runIn(
  instance: Instance,
  fixture: FixtureInstance,
  runId: string,
  defs: Definitions,
  options: Partial<ExecuteRunOptions> = {},
): Promise<ExecuteRunResult & { readonly events: readonly RunEvent[] }> {
  const result = await executeRun({
    instance,
    runId,
    loadDefinitions: async () => defs,
    signal: new AbortController().signal,
    ...options,
  });
  return { ...result, events: eventsOf(fixture, runId) };
}

/** One row of the run's log, as much as tests look at. */
export interface RunEvent {
  readonly type: string;
  readonly step: string | null;
  readonly message: string;
  readonly partition: string | null;
  /** The event's own data, as JSON. */
  readonly data: unknown;
}

export const eventsOf = (fixture: FixtureInstance, runId: string): readonly RunEvent[] =>
  fixture.rows(runId, "SELECT * FROM event_logs ORDER BY id").map((row) => {
    const entry = JSON.parse(String(row.event));
    return {
      type: String(row.dagster_event_type ?? "LOG"),
      step: row.step_key === null ? null : String(row.step_key),
      message: entry.user_message === "" ? (entry.dagster_event?.message ?? "") : entry.user_message,
      partition: row.partition === null ? null : String(row.partition),
      data: entry.dagster_event?.event_specific_data,
    };
  });

/** A value inside parsed JSON, for tests that know what is there. */
export const dig = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (at as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );

/** `TYPE` or `TYPE:step` per event. */
export const outline = (events: readonly RunEvent[]): string[] =>
  events.map((event) => (event.step === null ? event.type : `${event.type}:${event.step}`));
