import { describe, expect, it } from "vitest";
import { asset } from "../definitions/asset.ts";
import { assetCheck } from "../definitions/asset-check.ts";
import { Definitions } from "../definitions/define.ts";
import { AssetEvent, Failure } from "../definitions/events.ts";
import { job } from "../definitions/instigator-factories.ts";
import { AssetKey } from "../definitions/keys.ts";
import { AssetSelection } from "../definitions/selection.ts";
import { checkOp, checkSpec, definitions, op, spec } from "../worker/fixture.ts";
import { materialize } from "./materialize.ts";
import { createRecordingInstance } from "./recording-instance.ts";

const key = AssetKey.from;
const simple = (name: string, deps: string[] = []) =>
  op([spec(name, deps)], async function* () {
    yield AssetEvent.materialize({ assetKey: key(name) });
  });

describe("materialize", () => {
  it("tells what came of every asset, check and step", async () => {
    const defs = definitions(
      [
        op(
          [spec("a")],
          async function* () {
            yield AssetEvent.materialize({ assetKey: key("a") });
            yield AssetEvent.check({
              assetKey: key("a"),
              checkName: "warns",
              passed: false,
              severity: "WARN",
              description: "odd",
            });
          },
          { checkSpecs: [checkSpec("a", "warns")] },
        ),
        op([spec("b", ["a"])], () => {
          throw new Failure("no table", { cause: new Error("disk full") });
        }),
        simple("c", ["b"]),
      ],
      {
        assetChecks: [
          checkOp("a", "good", async function* () {
            yield AssetEvent.check({ assetKey: key("a"), checkName: "good", passed: true });
          }),
        ],
      },
    );
    const result = await materialize(defs);
    expect(result.success).toBe(false);
    expect(result.assets.map(({ key: { path }, status }) => [path[0], status])).toEqual([
      ["a", "materialized"],
      ["b", "failed"],
      ["c", "skipped"],
    ]);
    expect(result.checks.map((check) => [check.key.name, check.status, check.description])).toEqual([
      ["warns", "warned", "odd"],
      ["good", "passed", undefined],
    ]);
    const failed = result.steps.find((step) => step.key === "b");
    expect(failed).toMatchObject({
      status: "failed",
      attempts: 1,
      error: "Failure: no table\ncaused by Error: disk full",
    });
  });

  it("selects by key or by selection, with a partition, and keeps history in its instance", async () => {
    const partitionsDef = { kind: "static", keys: ["p", "q"] } as const;
    const defs = definitions([
      op([spec("a", [], { partitionsDef })], async function* (context) {
        yield AssetEvent.materialize({
          assetKey: key("a"),
          metadata: { partition: context.partitionKey ?? "" },
        });
      }),
      simple("b", ["a"]),
    ]);
    const instance = createRecordingInstance();
    const first = await materialize(defs, { selection: ["a"], partitionKey: "q", instance });
    expect(first.assets).toMatchObject([{ key: { path: ["a"] }, partitions: ["q"] }]);
    const second = await materialize(defs, { selection: AssetSelection.keys(key("b")), instance });
    expect(second).toMatchObject({
      success: true,
      assets: [{ key: { path: ["b"] }, status: "materialized" }],
    });
    const tags = instance.rows.findLast((row) => row.type === "ASSET_MATERIALIZATION")?.tags;
    expect(tags?.["dagster/input_event_pointer/a"]).not.toBe("NULL");
  });

  it("runs nothing that was not selected", async () => {
    const defs = Definitions.create({
      assets: [asset({ key: "a" }, () => {}), asset({ key: "b" }, () => {})],
      assetChecks: [assetCheck({ name: "k", asset: "a" }, () => true)],
      jobs: [job({ name: "only_a", selection: ["a"] })],
    });
    await expect(materialize(defs, { selection: "group:gold" })).rejects.toThrow("holds nothing");
    await expect(materialize(defs, { selection: [] })).rejects.toThrow("holds nothing");
    await expect(materialize(defs, { selection: ["b"], jobName: "only_a" })).rejects.toThrow(
      "asset `b` was selected, but job `only_a` does not make it",
    );
    const made = async (selection: AssetSelection) => {
      const { assets, checks } = await materialize(defs, { selection });
      return [...assets.map((one) => AssetKey.toUserString(one.key)), ...checks.map((one) => one.key.name)];
    };
    expect(await made(AssetSelection.keys("a"))).toEqual(["a", "k"]);
    expect(await made(AssetSelection.allChecks())).toEqual(["k"]);
    expect(await made(AssetSelection.difference(AssetSelection.all(), AssetSelection.allChecks()))).toEqual([
      "a",
      "b",
    ]);
  });

  it("refuses a selection of something that does not exist, and suggests", async () => {
    await expect(materialize(definitions([simple("orders")]), { selection: ["order"] })).rejects.toThrow(
      /"orders"/,
    );
  });
});
