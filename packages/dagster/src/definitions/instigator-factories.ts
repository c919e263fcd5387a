import type { AssetRef } from "./asset-ref.ts";
import type { AutomationCondition } from "./automation.ts";
import { isCron } from "./calendar/cron.ts";
import { isTimeZone } from "./calendar/zone.ts";
import { looksAtJobRoots } from "./condition-tree.ts";
import type { AssetJobDefinition } from "./definitions.ts";
import { DefinitionsError } from "./errors.ts";
import type { HookDefinition } from "./hooks.ts";
import type {
  InstigatorTarget,
  RunRequest,
  ScheduleContext,
  ScheduleDefinition,
  ScheduleResult,
  SensorContext,
  SensorDefinition,
  SensorResult,
  WithResources,
} from "./instigators.ts";
import type { JobConfig } from "./job-config.ts";
import type { AssetKey } from "./keys.ts";
import type { MetadataInput } from "./metadata.ts";
import type { PartitionsDefinition } from "./partitions.ts";
import type { ResourceMap } from "./resources.ts";
import { AssetSelection } from "./selection.ts";
import { validName } from "./validate.ts";

type Tags = Readonly<Record<string, string>>;

/** Assets: a selection, the same as text (`group:gold and not tag:cold`), or the assets or their keys. */
export type SelectionLike = AssetSelection | string | readonly AssetRef[];

/** What runs: a job, or assets. */
export type TargetLike = AssetJobDefinition | SelectionLike;

export interface JobOptions {
  readonly name: string;
  readonly selection: SelectionLike;
  readonly description?: string;
  readonly tags?: Tags;
  /** Tags of its runs. Default: `tags`. */
  readonly runTags?: Tags;
  readonly metadata?: MetadataInput;
  /**
   * Run config that runs start with: as it is, from a few fields of the job's own (`configMapping`), or for each
   * partition (`partitionedConfig`).
   */
  readonly config?: JobConfig;
  /** Default: that of the assets, which must share one. */
  readonly partitions?: PartitionsDefinition;
  /**
   * Launches the whole job; made of `AutomationCondition.anyJobRootAssetsMatch` or `allJobRootAssetsMatch`. For
   * hosts from Dagster 1.13 on.
   */
  readonly automationCondition?: AutomationCondition;
  /** What follows each step of its runs, besides what its ops have. */
  readonly hooks?: readonly HookDefinition[];
}

const isKeys = (value: unknown): value is readonly AssetRef[] => Array.isArray(value);
/** The one form that the rest takes. */
export function selectionOf(value: SelectionLike): AssetSelection {
  if (typeof value === "string") return AssetSelection.parse(value);
  return isKeys(value) ? AssetSelection.keys(...value) : value;
}

/** A named selection of assets that launches as one. */
export function job(options: JobOptions): AssetJobDefinition {
  const { description, config, partitions, automationCondition, tags = {} } = options;
  if (automationCondition !== undefined && !looksAtJobRoots(automationCondition.tree)) {
    throw new DefinitionsError(
      `job \`${options.name}\`: its automationCondition looks at no asset of the job; wrap it in ` +
        "AutomationCondition.anyJobRootAssetsMatch or allJobRootAssetsMatch",
    );
  }
  return Object.freeze({
    kind: "job",
    name: validName(options.name, "job"),
    selection: selectionOf(options.selection),
    tags,
    runTags: options.runTags ?? tags,
    metadata: options.metadata ?? {},
    ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
    ...(description === undefined ? {} : { description }),
    ...(config === undefined ? {} : { config }),
    ...(partitions === undefined ? {} : { partitionsDef: partitions }),
    ...(automationCondition === undefined ? {} : { automationCondition }),
  });
}

function targetOf(target: TargetLike | undefined): InstigatorTarget {
  if (target === undefined) return { kind: "none" };
  if (typeof target === "object" && "kind" in target && target.kind === "job")
    return { kind: "job", jobName: target.name };
  return { kind: "selection", selection: selectionOf(target) };
}

export interface InstigatorOptions {
  readonly name: string;
  readonly description?: string;
  /** Whether it runs before anyone has switched it on or off. Default: STOPPED. */
  readonly defaultStatus?: "RUNNING" | "STOPPED";
  readonly tags?: Tags;
  readonly metadata?: MetadataInput;
}

export interface ScheduleOptions<R extends ResourceMap = ResourceMap> extends InstigatorOptions {
  /** Resources by the name under which `context.resources` holds them. */
  readonly resources?: R;
  /** One cron string, or several of which any fires. */
  readonly cron: string | readonly string[];
  /** IANA name. Default: UTC. */
  readonly timezone?: string;
  readonly target: TargetLike;
}

/** A single request stands for a list of one; nothing stands for a skipped tick. */
export type ScheduleReturn = RunRequest | readonly RunRequest[] | ScheduleResult;
type ScheduleRun<R extends ResourceMap> = (
  context: WithResources<ScheduleContext, R>,
) => ScheduleReturn | Promise<ScheduleReturn>;

const isRequests = (value: unknown): value is readonly RunRequest[] => Array.isArray(value);

/** Launches its target at each tick; with a function, whatever the function asks for. */
export function schedule<R extends ResourceMap = Record<never, never>>(
  options: ScheduleOptions<R>,
  run: ScheduleRun<R> = () => ({}),
): ScheduleDefinition {
  const crons = typeof options.cron === "string" ? [options.cron] : options.cron;
  const bad = crons.find((cron) => !isCron(cron));
  if (bad !== undefined || crons.length === 0) {
    throw new DefinitionsError(
      `schedule \`${options.name}\`: \`${bad ?? ""}\` is not a cron string of five fields`,
    );
  }
  const timezone = options.timezone ?? "UTC";
  if (!isTimeZone(timezone)) {
    throw new DefinitionsError(`schedule \`${options.name}\`: \`${timezone}\` is not a time zone`);
  }
  return Object.freeze({
    kind: "schedule",
    ...common(options, "schedule"),
    cronSchedule: options.cron,
    executionTimezone: timezone,
    target: targetOf(options.target),
    ...resourceFields(options.resources),
    evaluate: async (context: ScheduleContext) => {
      // Whoever evaluates it gives exactly the resources that it asks for.
      const returned = await run(context as WithResources<ScheduleContext, R>);
      if (isRequests(returned)) return { runRequests: returned };
      return "runRequests" in returned || "skipReason" in returned
        ? returned
        : { runRequests: [returned as RunRequest] };
    },
  });
}

function common(options: InstigatorOptions, what: string) {
  return {
    name: validName(options.name, what),
    defaultStatus: options.defaultStatus ?? "STOPPED",
    tags: options.tags ?? {},
    metadata: options.metadata ?? {},
    ...(options.description === undefined ? {} : { description: options.description }),
  } as const;
}

const resourceFields = (resources: ResourceMap | undefined) => ({
  requiredResourceKeys: Object.keys(resources ?? {}),
  ...(resources === undefined ? {} : { resources }),
});

export interface SensorOptions<R extends ResourceMap = ResourceMap> extends InstigatorOptions {
  /** Resources by the name under which `context.resources` holds them. */
  readonly resources?: R;
  readonly target?: TargetLike;
  /** Seconds between evaluations, at least. Default: 30. */
  readonly minimumInterval?: number;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing asks for nothing
export type SensorReturn = SensorResult | readonly RunRequest[] | RunRequest | undefined | void;

/** Looks for a reason to run. Nothing returned means that there was none. */
export function sensor<R extends ResourceMap = Record<never, never>>(
  options: SensorOptions<R>,
  run: (context: WithResources<SensorContext, R>) => SensorReturn | Promise<SensorReturn>,
): SensorDefinition {
  return sensorOf(options, "STANDARD", async (context) =>
    // Whoever evaluates it gives exactly the resources that it asks for.
    sensorResult(await run(context as WithResources<SensorContext, R>)),
  );
}

const RESULT_FIELDS = [
  "runRequests",
  "skipReason",
  "cursor",
  "dynamicPartitionsRequests",
  "runReactions",
  "assetEvents",
];

/** The one form that the rest takes. */
export function sensorResult(returned: SensorReturn): SensorResult {
  if (!returned) return {};
  if (isRequests(returned)) return { runRequests: returned };
  const isResult = RESULT_FIELDS.some((field) => field in returned);
  return isResult ? (returned as SensorResult) : { runRequests: [returned as RunRequest] };
}

interface AutomationSensorOptions extends Omit<SensorOptions, "target"> {
  readonly target: SelectionLike;
  /** Whether several partitions of a tick become one backfill instead of a run each. Default: true. */
  readonly emitBackfills?: boolean;
}

/** Under these names the host finds in a sensor's metadata what its class has no field for. */
const EMIT_BACKFILLS = "dagster/emit_backfills";
export const ASSET_JOB_KEYS = "dagster/asset_job_keys";

/** Watches the automation conditions of a selection; the daemon evaluates them. */
export function automationSensor(options: AutomationSensorOptions): SensorDefinition {
  const { emitBackfills = true, metadata = {} } = options;
  return sensorOf(
    { ...options, metadata: emitBackfills ? { ...metadata, [EMIT_BACKFILLS]: true } : metadata },
    "AUTO_MATERIALIZE",
    async () => ({ skipReason: "the daemon evaluates this sensor" }),
  );
}

/** A sensor of any type, with its defaults filled in. */
export function sensorOf(
  options: SensorOptions,
  type: SensorDefinition["type"],
  evaluate: SensorDefinition["evaluate"],
  monitoredAssets?: readonly AssetKey[],
): SensorDefinition {
  return Object.freeze({
    kind: "sensor",
    ...common(options, "sensor"),
    type,
    target: targetOf(options.target),
    minimumIntervalSeconds: options.minimumInterval ?? 30,
    ...resourceFields(options.resources),
    ...(monitoredAssets === undefined ? {} : { monitoredAssets }),
    evaluate,
  });
}
