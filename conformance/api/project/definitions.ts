import {
  AssetEvent,
  AutomationCondition,
  asset,
  assetCheck,
  Config,
  configMapping,
  Definitions,
  externalAsset,
  FreshnessPolicy,
  job,
  MetadataValue,
  multiAsset,
  observableSource,
  partitionedConfig,
  resource,
  schedule,
  sensor,
  staticPartitions,
} from "@dagster-rocky/dagster";
import { everyKind } from "./metadata.ts";

const warehouse = resource({
  description: "rows",
  config: {
    host: Config.string({ default: "localhost", description: "where it listens" }),
    port: Config.int(),
    token: Config.string({ env: "NOUNS_TOKEN" }),
    mode: Config.enum(["fast", "safe"], { default: "safe" }),
  },
  create: ({ config }) => ({
    address: `${config.mode}://${config.host}:${config.port}`,
    token: config.token,
  }),
});
const store = resource({
  resources: { warehouse },
  create: ({ resources }) => ({
    where: () => resources.warehouse.address,
    knows: (token: string) => resources.warehouse.token === token,
  }),
});
const clock = resource({ create: () => ({ hour: () => 7 }) });

const orders = asset(
  {
    key: "shop/orders",
    group: "shop",
    kinds: ["typescript", "duckdb"],
    owners: ["team:shop", "ada@example.com"],
    tags: { tier: "gold" },
    codeVersion: "v3",
    description: "What was **bought**",
    metadata: everyKind,
    freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 7200, warnWindow: 3600 }),
    pool: "warehouse",
    resources: { store },
    config: { limit: Config.int({ default: 100 }), tags: Config.array(Config.string(), { default: ["a"] }) },
    checks: [{ name: "inline", blocking: true }],
  },
  ({ resources, opConfig }) => ({
    metadata: {
      ...everyKind,
      where: resources.store.where(),
      has_token: resources.store.knows("s3cret"),
      limit: opConfig.limit,
    },
    checks: [{ name: "inline", passed: true, metadata: { limit: opConfig.limit } }],
  }),
);

const several = multiAsset(
  {
    name: "several",
    canSubset: true,
    group: "parts",
    assets: [{ key: "one" }, { key: "two", deps: ["one"] }, { key: "three" }],
    checks: [{ name: "three_is_good", asset: "three" }],
  },
  function* ({ selectedAssetKeys, selectedCheckKeys }) {
    for (const assetKey of selectedAssetKeys) yield AssetEvent.materialize({ assetKey });
    for (const { assetKey, name } of selectedCheckKeys) {
      yield AssetEvent.check({ assetKey, checkName: name, passed: true });
    }
  },
);

const refused = asset({ key: "refused", checks: [{ name: "strict", blocking: true }] }, () => ({
  checks: [{ name: "strict", passed: false, description: "too few" }],
}));
const after = asset({ key: "after_refused", deps: [refused] }, () => {});

const flaky = asset({ key: "flaky", retryPolicy: { maxRetries: 2, delay: 0 } }, ({ retryNumber }) => {
  if (retryNumber === 0) throw new Error("not yet");
});

const watched = observableSource({ key: "watched", group: "sources" }, () => ({
  dataVersion: "v7",
  metadata: { size: 12 },
}));
const elsewhere = externalAsset({ key: "elsewhere", group: "sources", kinds: ["s3"] });

const regional = asset(
  {
    key: "regional",
    deps: [watched, elsewhere],
    partitions: staticPartitions(["eu", "us"]),
    automationCondition: AutomationCondition.eager(),
    config: { rate: Config.float() },
  },
  ({ opConfig, partitionKey }) => ({ metadata: { rate: opConfig.rate, region: partitionKey ?? "" } }),
);

const fresh = assetCheck(
  { name: "looks_right", asset: orders, description: "apart from the asset", resources: { clock } },
  ({ resources }) => ({ passed: resources.clock.hour() === 7, severity: "WARN" }),
);

const short = job({
  name: "short",
  selection: "key:shop/orders",
  description: "orders by day",
  config: configMapping({ port: Config.int(), limit: Config.int({ default: 5 }) }, ({ port, limit }) => ({
    ops: { shop__orders: { config: { limit } } },
    resources: { warehouse: { config: { port } } },
  })),
});
const regions = job({
  name: "regions",
  selection: [regional],
  config: partitionedConfig((region) => ({
    ops: { regional: { config: { rate: region === "eu" ? 1.25 : 2 } } },
  })),
});
const preset = job({
  name: "preset",
  selection: "key:shop/orders or group:parts",
  config: {
    resources: { warehouse: { config: { port: 1 } } },
    ops: { shop__orders: { config: { limit: 7 } } },
  },
});

const shop = Definitions.create({
  assets: [orders, several, refused, after, flaky],
  assetChecks: [fresh],
  jobs: [short, preset],
});
const sources = Definitions.create({
  assets: [watched, elsewhere, regional],
  jobs: [regions],
  schedules: [
    schedule(
      { name: "hourly", cron: "0 * * * *", target: regions, resources: { clock } },
      ({ resources }) => ({
        runKey: `at-${resources.clock.hour()}`,
        partitionKey: "eu",
      }),
    ),
  ],
  sensors: [
    sensor({ name: "looking", target: preset, resources: { clock } }, ({ resources }) => ({
      skipReason: `it is ${resources.clock.hour()}`,
    })),
  ],
});

export const defs = Definitions.merge(
  shop,
  sources,
  Definitions.create({
    metadata: { team: "api", looked_up: MetadataValue.codeLocationReconstruction("once") },
  }),
);
