import { describe, expect, test } from "vitest";
import {
  AssetEvent,
  type AssetExecutionContext,
  AssetKey,
  AssetSelection,
  AutomationCondition,
  type AutomationConditionNode,
  asset,
  assetCheck,
  assetSpec,
  coerceMetadata,
  Definitions,
  externalAsset,
  FreshnessPolicy,
  job,
  MetadataValue,
  multiAsset,
  resource,
  schedule,
  sensor,
  type SensorContext,
} from "../index.ts";

const nothing = (): void => {};
const context = { resources: {}, log: console } as unknown as AssetExecutionContext;
const collect = async (events: AsyncIterable<AssetEvent>): Promise<readonly AssetEvent[]> => {
  const found: AssetEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
};

describe("names", () => {
  test.each([
    ["group `a b`", { group: "a b" }],
    ["group `/a`", { group: "/a" }],
    ["tag key `a b`", { tags: { "a b": "" } }],
    ["tag `k` has the value `a b`", { tags: { k: "a b" } }],
    ["owner `me`", { owners: ["me"] }],
    ["owner `team:`", { owners: ["team:"] }],
    ["at most 10 kinds", { kinds: "abcdefghijk".split("") }],
    ["twice", { deps: ["a", ["a"]] }],
  ])("%s is refused", (message, input) => {
    expect(() => assetSpec({ key: "x/y", ...input })).toThrow(message);
    expect(() => assetSpec({ key: "x/y", ...input })).toThrow("`x/y`");
  });

  test.each(["", "a//b"])("key %j is refused", (key) => {
    expect(() => assetSpec({ key })).toThrow("no empty one");
  });

  test("ops take Dagster's names and refuse its reserved words", () => {
    expect(asset({ key: ["my-db", "t.x"] }, nothing).opName).toBe("my_db__t_x");
    expect(() => asset({ key: "a", opName: "class" }, nothing)).toThrow("reserved");
    expect(() => asset({ key: "a", pool: "a b" }, nothing)).toThrow("pool `a b`");
    expect(() => job({ name: "a-b", selection: [] })).toThrow("job name `a-b`");
  });

  test("what Dagster takes is taken", () => {
    const spec = assetSpec({
      key: "a",
      group: "x/y_1",
      tags: { "ns/key.x-1": "", plain: "v_1.0" },
      owners: ["team:data", "first.last+x@example.co"],
      kinds: ["sql", "sql"],
    });
    expect([spec.groupName, spec.kinds]).toEqual(["x/y_1", ["sql"]]);
    expect(assetSpec({ key: "a" }).groupName).toBe("default");
  });
});

describe("functions", () => {
  test("one that returns nothing made its asset; metadata, versions and checks may be added", async () => {
    expect(await collect(asset({ key: "a" }, nothing).compute(context))).toEqual([
      AssetEvent.materialize({ assetKey: AssetKey.of("a") }),
    ]);
    const rich = asset({ key: "a", checks: [{ name: "k" }] }, async () => ({
      metadata: { rows: 3 },
      dataVersion: "v",
      checks: [{ name: "k", passed: false, severity: "WARN" as const }],
    }));
    expect(await collect(rich.compute(context))).toEqual([
      AssetEvent.materialize({ assetKey: AssetKey.of("a"), metadata: { rows: 3 }, dataVersion: "v" }),
      AssetEvent.check({ assetKey: AssetKey.of("a"), checkName: "k", passed: false, severity: "WARN" }),
    ]);
  });

  test("events may be returned or yielded", async () => {
    const event = AssetEvent.observe({ assetKey: AssetKey.of("a") });
    expect(await collect(asset({ key: "a" }, () => event).compute(context))).toEqual([event]);
    const yielding = multiAsset({ name: "m", assets: [{ key: "a" }] }, async function* () {
      yield event;
    });
    expect(await collect(yielding.compute(context))).toEqual([event]);
  });

  test("several assets are never made by silence", async () => {
    const silent = multiAsset({ name: "m", assets: [{ key: "a" }, { key: "b" }] }, () => []);
    expect(await collect(silent.compute(context))).toEqual([]);
  });

  test("a check's verdict may be a boolean", async () => {
    const check = assetCheck({ name: "k", asset: "a" }, () => false);
    expect(await collect(check.compute(context))).toMatchObject([
      { checkName: "k", passed: false, severity: "ERROR" },
    ]);
  });

  test("resources are typed, required and gathered", () => {
    const db = resource({ create: () => ({ rows: () => 3 }) });
    const reads = asset({ key: "a", resources: { db } }, ({ resources }) => ({
      metadata: { rows: resources.db.rows() },
    }));
    expect(reads.requiredResourceKeys).toEqual(["db"]);
    expect(Definitions.create({ assets: [reads] }).resources).toEqual({ db });
    const other = asset({ key: "b", resources: { db: resource({ create: () => 1 }) } }, nothing);
    expect(() => Definitions.create({ assets: [reads, other] })).toThrow("resource `db` has two different");
  });
});

describe("merging", () => {
  const one = Definitions.create({ assets: [asset({ key: "a" }, nothing)], metadata: { x: 1 } });

  test("keeps everything, and shared resources are fine", () => {
    const db = resource({ create: () => 1 });
    const two = Definitions.create({ assets: [externalAsset({ key: "b" })], resources: { db } });
    const three = Definitions.create({ resources: { db } });
    const merged = Definitions.merge(one, two, three);
    expect(merged.assets).toHaveLength(2);
    expect(merged.resources).toEqual({ db });
    expect(merged.metadata).toEqual({ x: 1 });
  });

  test.each([
    ["asset `a`", Definitions.create({ assets: [externalAsset({ key: "a" })] })],
    ["metadata `x`", Definitions.create({ metadata: { x: 2 } })],
  ])("%s in two parts is an error", (message, other) => {
    expect(() => Definitions.merge(one, other)).toThrow(message);
  });
});

describe("metadata", () => {
  test("plain values become typed ones", () => {
    expect(coerceMetadata({ a: "x", b: 1, c: 1.5, d: true, e: null, f: [1], g: { h: 1 }, i: 2n })).toEqual({
      a: MetadataValue.text("x"),
      b: MetadataValue.int(1),
      c: MetadataValue.float(1.5),
      d: MetadataValue.bool(true),
      e: MetadataValue.null(),
      f: MetadataValue.json([1]),
      g: MetadataValue.json({ h: 1 }),
      i: MetadataValue.int(2n),
    });
    expect(coerceMetadata({ u: MetadataValue.url("x") })).toEqual({ u: MetadataValue.url("x") });
  });
});

describe("instigators", () => {
  const target = job({ name: "j", selection: ["a"] });
  const tick = {} as SensorContext;

  test("a schedule returns requests in any form", async () => {
    const evaluate = (result: object | readonly object[]) =>
      schedule({ name: "s", target, cron: "@daily" }, () => result).evaluate({} as never);
    expect(await evaluate({ runKey: "k" })).toEqual({ runRequests: [{ runKey: "k" }] });
    expect(await evaluate([{ runKey: "k" }])).toEqual({ runRequests: [{ runKey: "k" }] });
    expect(await evaluate({ skipReason: "no" })).toEqual({ skipReason: "no" });
    expect(await schedule({ name: "s", target, cron: "@daily" }).evaluate({} as never)).toEqual({
      runRequests: [{}],
    });
  });

  test("a sensor may stay silent", async () => {
    expect(await sensor({ name: "s", target }, () => undefined).evaluate(tick)).toEqual({});
    expect(await sensor({ name: "s", target }, () => ({ cursor: "1" })).evaluate(tick)).toEqual({
      cursor: "1",
    });
    expect(await sensor({ name: "s", target }, () => ({ runKey: "k" })).evaluate(tick)).toEqual({
      runRequests: [{ runKey: "k" }],
    });
  });

  test("bad crons and zones are refused", () => {
    expect(() => schedule({ name: "s", target, cron: "61 * * * *" })).toThrow("`61 * * * *`");
    expect(() => schedule({ name: "s", target, cron: [] })).toThrow("five fields");
    expect(() => schedule({ name: "s", target, cron: "@daily", timezone: "Mars/X" })).toThrow("Mars/X");
  });

  test("freshness windows are checked", () => {
    expect(() => FreshnessPolicy.timeWindow({ failWindow: 10 })).toThrow("at least 60");
    expect(() => FreshnessPolicy.timeWindow({ failWindow: 100, warnWindow: 200 })).toThrow("warnWindow");
    expect(() => FreshnessPolicy.cron({ deadlineCron: "x", lowerBoundDelta: 60 })).toThrow("`x`");
  });
});

describe("automation conditions", () => {
  const classes = ({ className, fields }: AutomationConditionNode): unknown =>
    Array.isArray(fields.operands) ? [className, ...fields.operands.map(classes)] : className;
  const a = AutomationCondition.missing();
  const b = AutomationCondition.newlyUpdated();

  test("unlabelled operands of one operator are joined", () => {
    expect(classes(a.and(b).and(a).tree)).toHaveLength(4);
    expect(classes(a.and(b).withLabel("x").and(a).tree)).toHaveLength(3);
    expect(classes(a.and(b.or(a)).tree)).toHaveLength(3);
  });

  test("parts are replaced and left out", () => {
    const eager = AutomationCondition.eager();
    expect(JSON.stringify(eager.replace("any_deps_missing", a).tree)).not.toContain("any_deps_missing");
    const without = eager.without(AutomationCondition.inProgress().not());
    expect(classes(without.tree)).toHaveLength(5);
    expect(() => eager.without(a)).toThrow("`without`");
  });

  test("limits reach the operators on neighbours and nothing else", () => {
    const text = JSON.stringify(AutomationCondition.eager().ignore(AssetSelection.keys("z")).tree);
    expect(text.match(/"ignore_selection":\{/g)).toHaveLength(3);
  });

  test("a job's condition looks at the job's root assets, and says so in its label", () => {
    const label = (condition: AutomationCondition) =>
      AutomationCondition.anyJobRootAssetsMatch(condition).label;
    expect(label(AutomationCondition.eager())).toBe("any_job_root_assets_match(eager)");
    expect(label(AutomationCondition.executionFailed())).toBe("any_job_root_assets_match(execution_failed)");
    expect(label(AutomationCondition.inLatestTimeWindow(2 * 86_400 + 3605))).toContain("=2 days, 1:00:05)");
    expect(label(AutomationCondition.executedWithTags({ keys: ["b", "a"], values: { c: "1" } }))).toContain(
      "executed_with_tags(tag_keys={a,b}, tag_values={c:1})",
    );
    expect(label(AutomationCondition.assetMatches("a/b", a))).toBe("any_job_root_assets_match(a/b)");
    expect(() => job({ name: "j", selection: ["x"], automationCondition: a })).toThrow(
      "wrap it in AutomationCondition.anyJobRootAssetsMatch",
    );
  });
});
