import { describe, expect, test } from "vitest";
import {
  AssetCheckKey,
  AssetKey,
  AssetSelection,
  asset,
  assetCheck,
  automationSensor,
  AutomationCondition,
  Definitions,
  externalAsset,
  job,
  multiAsset,
  sensor,
  staticPartitions,
} from "../index.ts";
import { parseSelection } from "../definitions/selection-text.ts";
import { ASSET_JOB, compileRepository, planRun, resolveSelection } from "./index.ts";

const nothing = (): void => {};
const make = (key: string, ...deps: string[]) => asset({ key, deps }, nothing);
const compile = (input: Parameters<typeof Definitions.create>[0]) =>
  compileRepository(Definitions.create(input));
const keys = (assets: Iterable<{ readonly key: AssetKey }>) =>
  [...assets].map((node) => AssetKey.toUserString(node.key));

describe("the asset graph", () => {
  test("holds stubs for assets that are only named", () => {
    const { assetGraph } = compile({ assets: [make("b", "a")] });
    expect(assetGraph.assets.map((node) => [node.id, node.isStub])).toEqual([
      ['["a"]', true],
      ['["b"]', false],
    ]);
  });

  test("a last segment names an asset of the same group when no other could be meant", () => {
    const { assetGraph } = compile({
      assets: [
        asset({ key: "x/orders", group: "g" }, nothing),
        asset({ key: "y/sums", group: "g", deps: ["orders"] }, nothing),
        asset({ key: "z/other", group: "h", deps: ["orders"] }, nothing),
      ],
    });
    const parents = (id: string) =>
      keys(assetGraph.assetById.get(id)?.parents.map((edge) => edge.asset) ?? []);
    expect(parents('["y","sums"]')).toEqual(["x/orders"]);
    expect(parents('["z","other"]')).toEqual(["orders"]);
  });

  test.each([
    ["asset `a` is defined twice", { assets: [make("a"), externalAsset({ key: "a" })] }],
    ["two ops are named `a__b`", { assets: [make("a__b"), make("a/b")] }],
    [
      "assets depend on each other in a circle: a -> c -> b -> a",
      { assets: [make("a", "b"), make("b", "c"), make("c", "a")] },
    ],
    [
      "asset `a` has two checks named `x`",
      {
        assets: [make("a")],
        assetChecks: [
          assetCheck({ name: "x", asset: "a" }, () => true),
          assetCheck({ name: "x", asset: "a", opName: "other" }, () => true),
        ],
      },
    ],
  ])("%s", (message, input) => expect(() => compile(input)).toThrow(message));

  test("an asset may read other partitions of itself", () => {
    const partitions = staticPartitions(["1", "2"]);
    const self = asset(
      { key: "a", partitions, deps: [{ asset: "a", partitionMapping: { kind: "all" } }] },
      nothing,
    );
    expect(planRun(compile({ assets: [self] }), { jobName: ASSET_JOB }).stepKeysToExecute).toEqual(["a"]);
  });
});

describe("ops that wait for each other", () => {
  const op = (
    name: string,
    canSubset: boolean,
    assets: readonly { key: string; deps?: readonly string[] }[],
  ) => multiAsset({ name, canSubset, assets }, () => []);
  const left = [{ key: "l1" }, { key: "l2", deps: ["r1"] }, { key: "l3", deps: ["r2", "l1"] }];
  const right = [
    { key: "r1", deps: ["l1"] },
    { key: "r2", deps: ["l2"] },
  ];

  test("are cut into parts and numbered", () => {
    const repository = compile({ assets: [op("left", true, left), op("right", true, right)] });
    const plan = planRun(repository, { jobName: ASSET_JOB });
    expect(plan.stepKeysToExecute).toEqual(["left", "right", "left_2", "right_2", "left_3"]);
    expect(plan.steps.map((step) => [step.key, keys(step.assets), step.upstream])).toEqual([
      ["left", ["l1"], []],
      ["left_2", ["l2"], ["right"]],
      ["left_3", ["l3"], ["right_2", "left"]],
      ["right", ["r1"], ["left"]],
      ["right_2", ["r2"], ["left_2"]],
    ]);
  });

  test("stay whole when what interleaves them is not selected", () => {
    const repository = compile({ assets: [op("left", true, left), op("right", true, right)] });
    const assetSelection = ["l1", "l3"].map((key) => AssetKey.of(key));
    const plan = planRun(repository, { jobName: ASSET_JOB, assetSelection });
    expect(plan.stepKeysToExecute).toEqual(["left"]);
  });

  test("are an error when they cannot be cut", () => {
    expect(() => compile({ assets: [op("left", false, left), op("right", false, right)] })).toThrow(
      /these ops wait for each other and cannot be split: (left -> right -> left|right -> left -> right)/,
    );
  });

  test("get no name that another op has", () => {
    const repository = compile({
      assets: [op("left", true, left), op("right", true, right), op("left_2", true, [{ key: "z" }])],
    });
    const names = planRun(repository, { jobName: ASSET_JOB }).steps.map((step) => step.key);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("left_4");
  });
});

describe("a plan", () => {
  const definitions = {
    assets: [
      make("a"),
      asset({ key: "b", deps: ["a"], pool: "p", checks: [{ name: "inline" }] }, nothing),
      make("c", "a"),
      externalAsset({ key: "outside" }),
    ],
    assetChecks: [
      assetCheck({ name: "gate", asset: "a", blocking: true }, () => true),
      assetCheck({ name: "far", asset: "outside" }, () => true),
    ],
  };
  const repository = compile(definitions);
  const plan = (assets: readonly string[], checks?: readonly AssetCheckKey[]) =>
    planRun(repository, {
      jobName: ASSET_JOB,
      assetSelection: assets.map((key) => AssetKey.of(key)),
      ...(checks === undefined ? {} : { checkSelection: checks }),
    });

  test("runs blocking checks before what reads the asset", () => {
    expect(planRun(repository, { jobName: ASSET_JOB }).stepKeysToExecute).toEqual([
      "a",
      "outside_far",
      "a_gate",
      "b",
      "c",
    ]);
    expect(plan(["a", "c"]).stepByKey.get("c")?.upstream).toEqual(["a_gate", "a"]);
    expect(plan(["a", "c"], []).stepByKey.get("c")?.upstream).toEqual(["a"]);
  });

  test("carries pools, and only the steps that were asked for", () => {
    const partial = planRun(repository, { jobName: ASSET_JOB, stepKeysToExecute: ["b"] });
    expect(partial.stepKeysToExecute).toEqual(["b"]);
    expect(partial.stepByKey.get("b")?.pool).toBe("p");
    expect(() => planRun(repository, { jobName: ASSET_JOB, stepKeysToExecute: ["bb"] })).toThrow(
      "step `bb` is not part of this job",
    );
  });

  test.each([
    ["asset `orers` was selected, but this code location has no such asset", () => plan(["orers"])],
    ["asset `outside` was selected, but this code location only knows it", () => plan(["outside"])],
    ["op `b` always runs as a whole", () => plan(["b"], [])],
    ["check `gat` of asset `a` was selected", () => plan([], [AssetCheckKey.of("a", "gat")])],
    ["this code location has no job `jobb`", () => planRun(repository, { jobName: "jobb" })],
  ])("%s", (message, run) => expect(run).toThrow(message));
});

describe("selections", () => {
  const { assetGraph } = compile({
    assets: [
      asset({ key: "p/a", group: "g", kinds: ["sql"], tags: { t: "1" }, owners: ["team:x"] }, nothing),
      asset({ key: "p/b", deps: ["p/a"] }, nothing),
      asset({ key: "c", deps: ["p/b", "src"] }, nothing),
    ],
    assetChecks: [assetCheck({ name: "k", asset: "c" }, () => true)],
  });
  const S = AssetSelection;

  test.each([
    ["all", S.all(), ["c", "p/a", "p/b"]],
    ["groups", S.groups("g"), ["p/a"]],
    ["prefixes", S.keyPrefixes("p"), ["p/a", "p/b"]],
    ["tag", S.tag("t", "1"), ["p/a"]],
    ["kind", S.assetKind("sql"), ["p/a"]],
    ["owner", S.owner("team:x"), ["p/a"]],
    ["upstream", S.upstream(S.keys("c")), ["c", "p/b", "p/a"]],
    ["one step up", S.upstream(S.keys("c"), 1), ["c", "p/b"]],
    ["downstream", S.downstream(S.keys("p/a"), 1), ["p/a", "p/b"]],
    ["union", S.union(S.keys("c"), S.groups("g")), ["c", "p/a"]],
    ["intersection", S.intersection(S.keyPrefixes("p"), S.groups("default")), ["p/b"]],
    ["difference", S.difference(S.all(), S.keyPrefixes("p")), ["c"]],
  ])("%s", (_name, selection, expected) => {
    expect(keys(resolveSelection(assetGraph, selection).assets)).toEqual(expected);
  });

  test("checks come with their assets unless taken out", () => {
    expect(resolveSelection(assetGraph, S.keys("c")).checks.size).toBe(1);
    expect(resolveSelection(assetGraph, S.difference(S.keys("c"), S.allChecks())).checks.size).toBe(0);
  });
});

describe("selections as text", () => {
  const { assetGraph } = compile({
    assets: [make("a/b", "stub"), asset({ key: ["a/b"] }, nothing), make("c"), externalAsset({ key: "d" })],
  });
  const select = (text: string) => keys(resolveSelection(assetGraph, parseSelection(text)).assets);

  test("name keys one by one or by pattern, as far as this location makes them", () => {
    expect(select('key:"a/b" or key:c')).toEqual(["a/b", "a/b", "c"]);
    expect(select("key:a* or key:c or key:c")).toEqual(["a/b", "a/b", "c"]);
    expect(select("key:stub or key:d or key:nothing")).toEqual([]);
  });

  test("may name thousands", () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `t${i}`);
    const many = compile({ assets: names.map((name) => make(name)) }).assetGraph;
    const selection = parseSelection(names.map((name) => `key:${name}`).join(" or "));
    expect(resolveSelection(many, selection).assets.size).toBe(5_000);
  });
});

describe("jobs, schedules and sensors", () => {
  test.each([
    [
      "job `j`: asset `ax` was selected",
      { assets: [make("a")], jobs: [job({ name: "j", selection: ["ax"] })] },
    ],
    [
      "job name `__ASSET_JOB` is reserved",
      { assets: [make("a")], jobs: [job({ name: "__ASSET_JOB", selection: ["a"] })] },
    ],
    [
      "two jobs are named `j`",
      {
        assets: [make("a")],
        jobs: [job({ name: "j", selection: ["a"] }), job({ name: "j", selection: ["a"] })],
      },
    ],
    [
      "job `j`: its assets must share one partitions definition",
      {
        assets: [
          asset({ key: "a", partitions: staticPartitions(["1"]) }, nothing),
          asset({ key: "b", partitions: staticPartitions(["2"]) }, nothing),
        ],
        jobs: [job({ name: "j", selection: ["a", "b"] })],
      },
    ],
    [
      "sensor `s` targets job `gone`, which does not exist",
      {
        assets: [make("a")],
        sensors: [sensor({ name: "s", target: job({ name: "gone", selection: ["a"] }) }, () => undefined)],
      },
    ],
  ])("%s", (message, input) => expect(() => compile(input)).toThrow(message));

  test("conditions that no sensor covers get one", () => {
    const automationCondition = AutomationCondition.eager();
    const assets = [
      asset({ key: "a", automationCondition }, nothing),
      asset({ key: "b", automationCondition }, nothing),
    ];
    const names = (sensors: readonly ReturnType<typeof automationSensor>[]) =>
      compile({ assets, sensors }).sensors.map((each) => each.name);
    expect(names([])).toEqual(["default_automation_condition_sensor"]);
    expect(names([automationSensor({ name: "mine", target: ["a"] })])).toEqual([
      "default_automation_condition_sensor",
      "mine",
    ]);
    expect(names([automationSensor({ name: "mine", target: ["a", "b"] })])).toEqual(["mine"]);
  });

  test("two automation sensors do not target one asset", () => {
    const sensors = ["one", "two"].map((name) => automationSensor({ name, target: ["a"] }));
    expect(() => compile({ assets: [make("a")], sensors })).toThrow("`one` and `two` both target asset `a`");
  });
});

test("time grows with the number of assets, not with its square", () => {
  const measure = (count: number): number => {
    const assets = [
      multiAsset(
        {
          name: "wide",
          canSubset: true,
          assets: Array.from({ length: count }, (_, i) => ({
            key: ["a", `t${i}`],
            deps:
              i < 2
                ? []
                : [
                    ["a", `t${i - 1}`],
                    ["a", `t${i - 2}`],
                  ],
          })),
          checks: Array.from({ length: count }, (_, i) => ({ name: "k", asset: ["a", `t${i}`] })),
        },
        () => [],
      ),
    ];
    const definitions = Definitions.create({ assets });
    const started = process.cpuUsage().user;
    planRun(compileRepository(definitions), { jobName: ASSET_JOB });
    return process.cpuUsage().user - started;
  };
  measure(2_000);
  expect(measure(20_000)).toBeLessThan(Math.max(measure(2_000), 10_000) * 60);
});
