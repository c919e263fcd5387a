/** The definitions of cases.py, in TypeScript. */
import {
  AssetEvent,
  AssetKey,
  asset,
  assetCheck,
  Definitions,
  dailyPartitions,
  Failure,
  failureHook,
  MetadataValue,
  multiAsset,
  observableSource,
  PartitionMapping,
  type PartitionsDefinition,
  type RetryPolicy,
  RetryRequested,
  staticPartitions,
  successHook,
  weeklyPartitions,
} from "@dagster-rocky/dagster";

const part4 = staticPartitions(["a", "b", "c", "d"]);
const area = staticPartitions(["x", "y"]);
const day = staticPartitions(["1", "2"]);

const raw = asset({ key: "raw", codeVersion: "v1" }, (context) => {
  context.log.debug("below the level that the instance keeps");
  context.log.info("reading");
  context.log.warn("nothing to worry about: é \u2028 \u{1f600}");
  return {
    metadata: {
      "dagster/row_count": 10,
      ratio: MetadataValue.float(1),
      tiny: 1e-7,
      big: 2n ** 60n,
      text: 'tëxt\n"q"',
      flag: true,
      none: null,
      url: MetadataValue.url("https://example.com"),
      path: MetadataValue.path("/a/b"),
      md: MetadataValue.markdown("# hi"),
      json: { b: [1, 2.5, null], a: { x: "y" } },
      at: MetadataValue.timestamp(1700000000.5),
      asset: MetadataValue.asset(AssetKey.of("mart", "sales")),
      schema: MetadataValue.tableSchema({
        columns: [
          { name: "id", type: "int", description: "pk", nullable: false, unique: true },
          { name: "amount", type: "float", tags: { pii: "" } },
        ],
      }),
      lineage: {
        kind: "columnLineage",
        lineage: { amount: [{ assetKey: AssetKey.of("src"), columnName: "v" }] },
      },
      table: MetadataValue.table([{ a: 1, b: "x" }], {
        columns: [
          { name: "a", type: "int" },
          { name: "b", type: "string" },
        ],
      }),
    },
  };
});

const sales = asset({ key: ["mart", "sales"], deps: ["raw", "src"] }, async function* () {
  const assetKey = AssetKey.of("mart", "sales");
  yield AssetEvent.observe({ assetKey, metadata: { seen: 1 }, tags: { t: "1" } });
  yield AssetEvent.materialize({ assetKey, dataVersion: "dv1", tags: { team: "x" } });
});

const many = multiAsset(
  {
    name: "many",
    canSubset: true,
    assets: [{ key: "m1" }, { key: "m2", deps: ["m1"], skippable: true }, { key: "m3", deps: ["raw"] }],
    checks: [{ asset: "m1", name: "in_op" }],
  },
  async function* (context) {
    for (const assetKey of context.selectedAssetKeys) {
      const key = AssetKey.toUserString(assetKey);
      if (key !== "m2") yield AssetEvent.materialize({ assetKey, metadata: { key } });
    }
    for (const { assetKey, name } of context.selectedCheckKeys) {
      const metadata = { n: 1, f: 0.5 };
      yield AssetEvent.check({
        assetKey,
        checkName: name,
        passed: false,
        severity: "WARN",
        description: "half",
        metadata,
      });
    }
  },
);

const { outputName: _result, ...watched } = observableSource({ key: "watched" }, () => ({
  dataVersion: "7",
  metadata: { seen: 1 },
}));

const nothing = () => undefined;

const praise = successHook({ name: "praise" }, ({ log }) => log.info("well done"));
const blame = failureHook({ name: "blame" }, ({ log, error }) =>
  log.info(`because of ${error instanceof Error ? error.message : String(error)}`),
);
const brokenHook = successHook({ name: "broken_hook" }, () => {
  throw new Error("the hook itself");
});
const fail = (message: string) => () => {
  throw new Error(message);
};
const retried = (key: string, retryPolicy: RetryPolicy) =>
  asset({ key, retryPolicy }, ({ retryNumber }) => {
    if (retryNumber < retryPolicy.maxRetries) throw new Error("not yet");
  });
const derived = (
  key: string,
  assetKey: string,
  partitionMapping?: PartitionMapping,
  partitions?: PartitionsDefinition,
) =>
  asset(
    {
      key,
      ...(partitions === undefined ? {} : { partitions }),
      deps: [partitionMapping === undefined ? assetKey : { asset: assetKey, partitionMapping }],
    },
    nothing,
  );
const days = dailyPartitions({ start: "2024-01-01", end: "2024-01-06" });
const prioritized = (key: string, priority: string) =>
  asset({ key, opTags: { "dagster/priority": priority } }, nothing);

export const definitions = Definitions.create({
  assets: [
    raw,
    sales,
    asset({ key: "report", deps: [["mart", "sales"]] }, nothing),
    many,
    asset({ key: "after_m2", deps: ["m2"] }, nothing),
    asset({ key: "fails" }, () => {
      throw new Failure("out of disk", { metadata: { left: 0, path: MetadataValue.path("/data") } });
    }),
    asset({ key: "below", deps: ["fails"] }, nothing),
    asset({ key: "deeper", deps: ["below"] }, nothing),
    asset({ key: "flaky", retryPolicy: { maxRetries: 2 } }, (context) => {
      if (context.retryNumber < 2) throw new Error("not yet");
    }),
    asset({ key: "hopeless", retryPolicy: { maxRetries: 1 } }, () => {
      throw new Error("never");
    }),
    asset({ key: "part", partitions: part4 }, () => ({ metadata: { k: "v" } })),
    asset({ key: "part_child", partitions: part4, deps: ["part"] }, nothing),
    asset({ key: "whole_child", deps: ["part"] }, nothing),
    asset({ key: "grid", partitions: { kind: "multi", dimensions: { day, area } } }, nothing),
    watched,
    asset({ key: "reads_watched", deps: ["watched"] }, nothing),
    asset({ key: "praised", hooks: [praise] }, nothing),
    asset({ key: "blamed", hooks: [blame] }, fail("no luck")),
    asset({ key: "hooked", hooks: [brokenHook] }, nothing),
    asset(
      { key: "blamed_late", hooks: [blame], retryPolicy: { maxRetries: 1 }, deps: ["hooked"] },
      fail("still no luck"),
    ),
    retried("waits", { maxRetries: 1, delay: 0.25 }),
    retried("waits_longer", { maxRetries: 2, delay: 0.125, backoff: "linear" }),
    retried("waits_much_longer", { maxRetries: 2, delay: 0.125, backoff: "exponential" }),
    asset({ key: "asks_again" }, ({ retryNumber }) => {
      if (retryNumber === 0)
        throw new RetryRequested("", { maxRetries: 1, secondsToWait: 0.25, cause: new Error("why") });
    }),
    asset({ key: "pooled", pool: "narrow" }, nothing),
    asset({ key: "pooled_first", pool: "narrow", opTags: { "dagster/priority": "7" } }, nothing),
    prioritized("first_c", "9"),
    prioritized("second_a", "3"),
    prioritized("third_b", "-1"),
    asset({ key: "daily", partitions: days, codeVersion: "d1" }, nothing),
    asset(
      { key: "per_area", partitions: { kind: "multi", dimensions: { day: days, area } }, deps: ["daily"] },
      nothing,
    ),
    derived("over_areas", "per_area", undefined, days),
    derived("with_yesterday", "daily", PartitionMapping.timeWindow({ startOffset: -1 }), days),
    derived("weekly", "daily", undefined, weeklyPartitions({ start: "2023-12-31" })),
    derived("whole", "daily"),
    derived("newest", "daily", PartitionMapping.last()),
    derived("two_of_them", "daily", PartitionMapping.specific("2024-01-01", "2024-01-03")),
  ],
  assetChecks: [
    assetCheck({ asset: "raw", name: "gate", blocking: true }, () => ({
      passed: true,
      metadata: { min: 1 },
    })),
    assetCheck({ asset: ["mart", "sales"], name: "stop", blocking: true }, () => false),
    assetCheck({ asset: "part", name: "part_check" }, () => true),
  ],
});
