/** The definitions of `shapes.py`, with this package's API. */
import {
  AssetCheckKey,
  AssetKey,
  AssetSelection,
  AutomationCondition as A,
  asset,
  assetCheck,
  assetSensor,
  automationSensor,
  BackfillPolicy,
  Config,
  configMapping,
  Definitions,
  dailyPartitions,
  dynamicPartitions,
  externalAsset,
  FreshnessPolicy,
  hourlyPartitions,
  job,
  MetadataValue,
  monthlyPartitions,
  multiAsset,
  multiAssetCheck,
  multiAssetSensor,
  multiPartitions,
  observableSource,
  PartitionMapping,
  resource,
  runFailureSensor,
  runStatusSensor,
  schedule,
  sensor,
  staticPartitions,
  weeklyPartitions,
} from "../../packages/dagster/src/index.ts";

/** Dagster 1.12 knows no groups within groups, and no conditions on freshness. */
const isBefore113 = /^1\.12(\.|$)/.test(process.env.DAGSTER_HOST_VERSION ?? "");

const nothing = (): void => {};
const noEvents = (): readonly [] => [];
const passes = (): boolean => true;

function basic(): Definitions {
  const rawOrders = asset(
    {
      key: "raw_orders",
      group: "bronze",
      kinds: ["sqlite"],
      tags: { domain: "sales" },
      owners: ["team:data", "a.b@example.com"],
      description: "raw orders",
      codeVersion: "v1",
      metadata: {
        "dagster/column_schema": MetadataValue.tableSchema({
          columns: [
            { name: "id", type: "int", description: "pk", nullable: false, unique: true },
            { name: "amount", type: "float", tags: { pii: "" } },
          ],
          constraints: ["amount > 0"],
        }),
        note: "hello",
        url: MetadataValue.url("https://example.com"),
        n: 3,
        f: 1.5,
        whole: MetadataValue.float(2),
        flag: true,
        nothing: null,
        md: MetadataValue.markdown("# hi"),
        j: { a: 1, b: [1.5, "x", null] },
        path: MetadataValue.path("/tmp/x"),
        notebook: MetadataValue.notebook("/tmp/x.ipynb"),
        at: new Date("2026-01-01T00:00:00Z"),
        asset: MetadataValue.asset("a/b"),
        run: MetadataValue.run("r1"),
        job: MetadataValue.job("orders_job", "shop"),
        python: MetadataValue.pythonArtifact("shop.assets", "orders"),
        pool: MetadataValue.pool("p"),
        table: MetadataValue.table([{ x: 1, y: "z" }], {
          columns: [
            { name: "x", type: "int" },
            { name: "y", type: "string" },
          ],
        }),
      },
    },
    nothing,
  );
  const orders = asset(
    {
      key: "orders",
      deps: [rawOrders],
      group: "silver",
      kinds: ["duckdb", "sql"],
      metadata: {
        "dagster/column_lineage": MetadataValue.columnLineage({
          total: [{ assetKey: "raw_orders", columnName: "amount" }],
        }),
      },
    },
    nothing,
  );
  const revenue = asset(
    { key: "mart/revenue", deps: [orders], group: "gold", automationCondition: A.eager() },
    nothing,
  );
  const byRegion = asset(
    {
      key: "by_region",
      deps: ["orders"],
      group: isBefore113 ? "regions" : "gold/regions",
      partitions: staticPartitions(["a", "b", "c"]),
    },
    nothing,
  );
  const ordersJob = job({
    name: "orders_job",
    selection: ["raw_orders", "orders"],
    tags: { t: "1" },
    description: "d",
  });
  return Definitions.create({
    assets: [rawOrders, orders, revenue, byRegion],
    assetChecks: [
      assetCheck(
        { name: "total_positive", asset: "orders", description: "total positive", blocking: true },
        passes,
      ),
      assetCheck({ name: "same_count", asset: "raw_orders", additionalDeps: ["elsewhere"] }, passes),
    ],
    jobs: [
      ordersJob,
      job({ name: "gold_up", selection: AssetSelection.upstream(AssetSelection.keys("mart/revenue"), 1) }),
    ],
    schedules: [
      schedule({ name: "daily", target: ordersJob, cron: "0 0 * * *" }),
      schedule({
        name: "running",
        target: AssetSelection.groups("gold"),
        cron: ["0 1 * * *", "0 2 * * *"],
        timezone: "Europe/Paris",
        defaultStatus: "RUNNING",
        tags: { x: "y" },
        description: "s",
      }),
    ],
    sensors: [
      sensor(
        { name: "my_sensor", target: ordersJob, minimumInterval: 60, tags: { k: "v" } },
        () => undefined,
      ),
      sensor({ name: "selecting", target: ["orders"], defaultStatus: "RUNNING" }, () => undefined),
      assetSensor({ name: "on_asset", asset: "mart/revenue", target: ordersJob, description: "d" }, nothing),
      multiAssetSensor({ name: "on_assets", assets: ["orders", "mart/revenue"], target: ordersJob }, nothing),
      runFailureSensor({ name: "on_failure", monitoredJobs: [ordersJob] }, nothing),
      runStatusSensor(
        { name: "on_success", status: "SUCCESS", target: ordersJob, monitorAllCodeLocations: true },
        nothing,
      ),
    ],
    metadata: { "dagster/x": 1 },
  });
}

function shapes(): Definitions {
  const daily = dailyPartitions({ start: "2026-01-01", timezone: "Europe/Paris" });
  const hourly = hourlyPartitions({ start: "2026-01-01-00:00", endOffset: 1 });
  const weekly = weeklyPartitions({
    start: "2026-01-01",
    dayOffset: 1,
    hourOffset: 3,
    exclusions: ["0 3 1 * *"],
  });
  const monthly = monthlyPartitions({ start: "2026-01-01", end: "2027-01-01", exclusions: ["2026-03-01"] });
  const multi = multiPartitions({ r: staticPartitions(["x", "y"]), date: daily });
  const aDaily = asset(
    {
      key: "a_daily",
      partitions: daily,
      backfillPolicy: BackfillPolicy.singleRun(),
      pool: "pool1",
      opTags: { team: "x" },
    },
    nothing,
  );
  const aTw = asset(
    {
      key: "a_tw",
      partitions: daily,
      deps: [
        { asset: "a_daily", partitionMapping: PartitionMapping.timeWindow({ startOffset: -1 }) },
        { asset: "a_tw", partitionMapping: PartitionMapping.timeWindow({ startOffset: -1, endOffset: -1 }) },
        { asset: "a_hourly", partitionMapping: PartitionMapping.last() },
      ],
      automationCondition: A.onCron("@daily").or(A.inProgress().not()),
      freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 24 * 3600, warnWindow: 12 * 3600 }),
    },
    nothing,
  );
  return Definitions.create({
    assets: [
      aDaily,
      asset({ key: "a_hourly", partitions: hourly, backfillPolicy: BackfillPolicy.multiRun(7) }, nothing),
      asset({ key: "a_weekly", partitions: weekly }, nothing),
      asset({ key: "a_monthly", partitions: monthly }, nothing),
      asset(
        {
          key: "a_multi",
          partitions: multi,
          deps: [{ asset: "a_daily", partitionMapping: PartitionMapping.multiToSingle("date") }],
        },
        nothing,
      ),
      asset(
        {
          key: "a_dyn",
          partitions: dynamicPartitions("dynp"),
          deps: [{ asset: "a_multi", partitionMapping: PartitionMapping.all() }],
        },
        nothing,
      ),
      aTw,
      asset(
        {
          key: "a_static",
          partitions: staticPartitions(["1", "2"]),
          deps: [
            { asset: "elsewhere", partitionMapping: PartitionMapping.static({ x: ["1"], y: ["1", "2"] }) },
            { asset: "a_daily", partitionMapping: PartitionMapping.specific("2026-01-01") },
          ],
        },
        nothing,
      ),
      multiAsset(
        {
          name: "multi_op",
          description: "several",
          canSubset: true,
          pool: "p2",
          opTags: { k: "v" },
          assets: [
            { key: "m1", group: "g", kinds: ["rocky"], codeVersion: "2", skippable: true },
            { key: "m2", deps: ["m1", "ext_src"], skippable: true, description: "second" },
            { key: ["deep", "m-3.x"], deps: ["m2"] },
          ],
          checks: [
            { name: "chk", asset: "m1", blocking: true },
            { name: "chk2", asset: "m2" },
          ],
        },
        noEvents,
      ),
      multiAsset({ name: "together", assets: [{ key: "t1" }, { key: "t2", deps: ["t1", "m1"] }] }, noEvents),
      externalAsset({
        key: "ext_src",
        group: "sources",
        metadata: { "dagster/uri": "s3://x" },
        freshnessPolicy: FreshnessPolicy.cron({ deadlineCron: "0 9 * * *", lowerBoundDelta: 3600 }),
      }),
      observableSource({ key: "obs_src", automationCondition: A.cronTickPassed("@hourly") }, nothing),
      asset(
        {
          key: "down",
          deps: ["ext_src", "obs_src"],
          metadata: {
            "dagster/code_references": MetadataValue.codeReferences([
              { kind: "local", filePath: "/x.py", lineNumber: 3, label: "lbl" },
              { kind: "url", url: "https://x" },
            ]),
          },
          checks: [{ name: "inline" }],
        },
        nothing,
      ),
    ],
    assetChecks: [
      multiAssetCheck(
        {
          name: "two_checks",
          canSubset: true,
          checks: [
            { name: "c1", asset: "down" },
            { name: "c2", asset: "m1", additionalDeps: ["t1"] },
          ],
        },
        noEvents,
      ),
      assetCheck({ name: "auto_check", asset: "down", automationCondition: A.eager() }, passes),
    ],
    jobs: [
      job({
        name: "pj",
        selection: [aDaily.specs[0]?.key ?? "", "a_tw"],
        partitions: daily,
        tags: { t: "1" },
      }),
      job({ name: "hj", selection: ["a_hourly"] }),
    ],
    sensors: [automationSensor({ name: "auto", target: ["a_tw"], defaultStatus: "RUNNING" })],
  });
}

function interleaved(): Definitions {
  return Definitions.create({
    assets: [
      multiAsset(
        {
          name: "left",
          canSubset: true,
          assets: [
            { key: "l1" },
            { key: "l2", deps: ["r1"] },
            { key: "l3", deps: ["r2", "l1"] },
            { key: "l4", deps: ["l3"] },
          ],
          checks: [
            { name: "k", asset: "l2", blocking: true },
            { name: "k", asset: "l4" },
          ],
        },
        noEvents,
      ),
      multiAsset(
        {
          name: "right",
          canSubset: true,
          assets: [
            { key: "r1", deps: ["l1"] },
            { key: "r2", deps: ["l2"] },
            { key: "r3", deps: ["src"] },
          ],
        },
        noEvents,
      ),
    ],
    assetChecks: [
      multiAssetCheck(
        {
          name: "over",
          canSubset: true,
          checks: [
            { name: "o2", asset: "r2" },
            { name: "o3", asset: "r2" },
          ],
        },
        noEvents,
      ),
    ],
    jobs: [job({ name: "part", selection: ["l1", "l2", "r1"] })],
  });
}

function automation(): Definitions {
  const z = AssetSelection.keys("z");
  const conditions: Readonly<Record<string, A>> = {
    eager: A.eager(),
    on_cron: A.onCron("0 5 * * 1", "Europe/Paris"),
    on_missing: A.onMissing(),
    and_or: A.missing()
      .and(A.newlyUpdated(), A.inProgress())
      .or(A.codeVersionChanged().or(A.executionFailed().not())),
    since: A.dataVersionChanged().since(A.newlyRequested()).withLabel("x"),
    handled: A.newlyMissing().sinceLastHandled(),
    newly_true: A.anyDepsMissing().newlyTrue(),
    deps: A.anyDepsMatch(A.missing()).and(A.allDepsMatch(A.newlyUpdated().or(A.willBeRequested()))),
    checks: A.anyChecksMatch(A.checkFailed(), { blockingOnly: true }).or(A.allChecksMatch(A.checkPassed())),
    blocking: A.eager().and(A.allDepsBlockingChecksPassed()),
    window: A.inLatestTimeWindow(49 * 3600),
    allow: A.eager().allow(AssetSelection.groups("g")).ignore(z),
    replaced: A.eager().replace("any_deps_updated", A.anyDepsUpdated().ignore(z)),
    without: A.eager().without(A.anyDepsMissing().not()),
    matches: A.assetMatches("other", A.newlyUpdated()),
    downstream: A.anyDownstreamConditions(),
    last_run: A.executedWithTags({ keys: ["b", "a"], values: { d: "1", c: "2" } })
      .or(A.executedWithTags())
      .and(A.executedWithRootTarget().not()),
    new_updates: A.anyNewUpdateHasRunTags({ keys: ["x"] }).or(
      A.allNewUpdatesHaveRunTags({ values: { x: "y" } }),
    ),
    requested: A.initialEvaluation().or(A.backfillInProgress(), A.runInProgress(), A.newlyMissing()),
    updated_since: A.allDepsUpdatedSinceCron("0 5 * * 1", "Europe/Paris").or(A.anyDepsInProgress()),
    nested: A.anyDepsMatch(A.anyDepsMatch(A.missing()).ignore(z)).allow(z).allow(AssetSelection.groups("g")),
    swapped: A.onCron("@daily").replace(A.inLatestTimeWindow(), A.inLatestTimeWindow(3600)),
    ...(isBefore113 ? {} : { fresh: A.freshnessFailed().or(A.freshnessWarned(), A.freshnessPassed().not()) }),
  };
  const missingRoots = A.anyJobRootAssetsMatch(A.missing());
  return Definitions.create({
    assets: Object.entries(conditions).map(([key, automationCondition]) =>
      asset({ key, automationCondition }, nothing),
    ),
    jobs: isBefore113
      ? []
      : [
          job({ name: "roots", selection: ["eager"], automationCondition: missingRoots }),
          job({
            name: "all_roots",
            selection: ["on_cron", "eager"],
            automationCondition: A.allJobRootAssetsMatch(A.eager())
              .and(A.anyJobRootAssetsMatch(A.cronTickPassed("@daily")))
              .or(A.anyJobRootAssetsMatch(A.executedWithTags({ keys: ["b", "a"], values: { d: "1" } }))),
          }),
        ],
    sensors: [
      automationSensor({ name: "no_backfills", target: ["eager", "on_cron"], emitBackfills: false }),
      automationSensor({ name: "tagged", target: ["deps"], metadata: { owner: "x" } }),
    ],
  });
}

/** Methods of this side, so that a condition of the host without a counterpart here is noticed. */
export const conditionMethods: readonly string[] = [
  ...Object.getOwnPropertyNames(A),
  ...Object.getOwnPropertyNames(A.prototype),
];

/** Every kind of partition mapping, alone and inside one of several dimensions. */
function mappings(): Definitions {
  const daily = dailyPartitions({ start: "2026-01-01" });
  const letters = staticPartitions(["a", "b", "c"]);
  const multi = multiPartitions({ day: daily, letter: letters });
  const single: Readonly<Record<string, PartitionMapping>> = {
    identity: PartitionMapping.identity(),
    all: PartitionMapping.all(),
    last: PartitionMapping.last(),
    specific: PartitionMapping.specific("2026-01-01", "2026-01-02"),
    window: PartitionMapping.timeWindow({ startOffset: -3, endOffset: 1, allowNonexistentUpstream: true }),
  };
  const within: Readonly<Record<string, PartitionMapping>> = {
    ...single,
    static: PartitionMapping.static({ a: "b", b: ["a", "c"] }),
  };
  return Definitions.create({
    assets: [
      asset({ key: "daily", partitions: daily }, nothing),
      asset({ key: "letters", partitions: letters }, nothing),
      asset({ key: "multi", partitions: multi }, nothing),
      ...Object.entries(single).map(([name, partitionMapping]) =>
        asset(
          { key: `by_${name}`, partitions: daily, deps: [{ asset: "daily", partitionMapping }] },
          nothing,
        ),
      ),
      asset(
        {
          key: "by_static",
          partitions: letters,
          deps: [{ asset: "letters", partitionMapping: PartitionMapping.static({ a: ["a", "b"], c: "c" }) }],
        },
        nothing,
      ),
      asset(
        {
          key: "by_dimension",
          partitions: daily,
          deps: [{ asset: "multi", partitionMapping: PartitionMapping.multiToSingle() }],
        },
        nothing,
      ),
      ...Object.entries(within).map(([name, mapping]) =>
        asset(
          {
            key: `within_${name}`,
            partitions: multi,
            deps: [
              {
                asset: "multi",
                partitionMapping: PartitionMapping.multi(
                  name === "static"
                    ? { letter: { dimension: "letter", mapping }, day: { dimension: "day" } }
                    : { day: { dimension: "day", mapping }, letter: { dimension: "letter" } },
                ),
              },
            ],
          },
          nothing,
        ),
      ),
    ],
  });
}

function config(): Definitions {
  const demanding = asset(
    {
      key: "demanding",
      config: {
        n: Config.int({ default: 3, description: "how many" }),
        s: Config.optional(Config.string()),
        f: Config.float({ default: 1.5 }),
        b: Config.bool({ default: true }),
        e: Config.enum(["RED", "BLUE"]),
        l: Config.array(Config.int(), { default: [1] }),
        m: Config.map(Config.int()),
        q: Config.nullable(Config.string()),
        o: Config.object({ x: Config.int({ default: 1 }), y: Config.string({ default: "é" }) }),
        sel: Config.oneOf({
          a: Config.object({ k: Config.int() }),
          bb: Config.object({ v: Config.optional(Config.string()) }),
        }),
        p: Config.openObject({ z: Config.int() }),
        any: Config.any(),
      },
    },
    nothing,
  );
  const partly = asset(
    {
      key: "partly",
      config: {
        n: Config.int({ default: 3 }),
        deep: Config.object({ a: Config.int(), b: Config.int({ default: 2 }) }),
      },
    },
    nothing,
  );
  const easy = asset({ key: "easy", config: { n: Config.int({ default: 3 }) } }, nothing);
  const plain = asset({ key: "plain" }, nothing);
  const given = job({
    name: "given",
    selection: ["partly", "easy"],
    config: { ops: { partly: { config: { deep: { a: 7 } } } } },
  });
  return Definitions.create({ assets: [demanding, partly, easy, plain], jobs: [given] });
}

function resources(): Definitions {
  const database = resource({
    description: "rows",
    config: {
      host: Config.string({ default: "localhost" }),
      port: Config.int({ description: "where it listens" }),
      token: Config.string({ env: "TOKEN" }),
    },
    create: nothing,
  });
  const store = resource({
    config: { folder: Config.string({ default: "/tmp" }) },
    resources: { database },
    create: nothing,
  });
  const plain = resource({ create: nothing });
  const stored = asset({ key: "stored", resources: { store } }, nothing);
  const light = asset(
    { key: "light", resources: { plain }, config: { n: Config.int({ default: 3 }) } },
    nothing,
  );
  const short = configMapping({ day: Config.string(), limit: Config.int({ default: 7 }) }, ({ limit }) => ({
    ops: { light: { config: { n: limit } } },
  }));
  const easy = { ops: { light: { config: { n: 4 } } } };
  return Definitions.create({
    assets: [stored, light],
    jobs: [
      job({ name: "mapped", selection: ["light"], config: short }),
      job({ name: "easy", selection: ["light"], config: easy }),
      job({ name: "needy", selection: ["stored", "light"] }),
    ],
    sensors: [sensor({ name: "looking", resources: { plain } }, nothing)],
    schedules: [schedule({ name: "timed", cron: "@daily", target: ["light"], resources: { plain } })],
    metadata: { seen: MetadataValue.codeLocationReconstruction("v1") },
  });
}

export const sets: Readonly<Record<string, () => Definitions>> = {
  basic,
  shapes,
  interleaved,
  automation,
  config,
  mappings,
  resources,
};

interface Selection {
  readonly assets: readonly AssetKey[];
  readonly checks: readonly AssetCheckKey[] | undefined;
}
const select = (assets: readonly string[], checks?: readonly (readonly [string, string])[]): Selection => ({
  assets: assets.map(AssetKey.from),
  checks: checks?.map(([key, name]) => AssetCheckKey.of(key, name)),
});

/** Parts of the asset job that are cut and planned on both sides. */
export const subsets: Readonly<Record<string, Readonly<Record<string, Selection>>>> = {
  basic: {
    two: select(["raw_orders", "orders"]),
    orders: select(["orders"]),
    no_checks: select(["orders", "mart/revenue"], []),
    check_only: select([], [["orders", "total_positive"]]),
    check_apart: select(["mart/revenue"], [["orders", "total_positive"]]),
    unknown: select(["nope"]),
    outside: select(["elsewhere"]),
  },
  shapes: {
    m1: select(["m1"]),
    m2: select(["m2"], []),
    chain: select(["m1", "m2", "deep/m-3.x"]),
    ends: select(["m1", "deep/m-3.x"]),
    downstream: select(["m2", "t1", "t2"]),
    half_together: select(["t2"]),
    inline_without_check: select(["down"], []),
    checks: select(
      [],
      [
        ["down", "c1"],
        ["down", "auto_check"],
      ],
    ),
    observe: select(["obs_src", "down"]),
    partitions: select(["a_daily", "a_tw", "a_dyn"]),
  },
  interleaved: {
    split: select(["l1", "r1", "l2", "r2", "l3"]),
    ends: select(["l1", "l3"]),
    outer: select(["l1", "l2", "r1"]),
    unblocked: select(["l1", "l2", "r1", "r2"], []),
    right: select(["r1", "r2", "r3"]),
    over: select(
      ["l4"],
      [
        ["r2", "o2"],
        ["l4", "k"],
      ],
    ),
  },
  automation: {},
  config: {},
  mappings: {},
  resources: { light: select(["light"]) },
};
