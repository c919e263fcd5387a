import { AssetKey } from "@dagster-rocky/dagster";
import { afterEach, expect, test } from "vitest";
import { createRockyResource } from "../resource/index.ts";
import { failed, runOutput, wrote } from "../test-support/engine-output.ts";
import { eventLines, runOp } from "../test-support/op-context.ts";
import {
  createRecordedEngine,
  type RecordedAnswer,
  type RecordedEngine,
} from "../test-support/recorded-engine.ts";
import { createCompute } from "./compute.ts";
import type { DerivedGroupPlan, DerivedModel } from "./plans.ts";

const model = (name: string, extra: Partial<DerivedModel> = {}): DerivedModel => ({
  key: AssetKey.of("c", "s", name),
  name,
  target: { catalog: "c", schema: "s", table: name },
  strategy: "full_refresh",
  upstream: [],
  ...extra,
});
const built = (name: string): RecordedAnswer => ({
  when: ["run", "--model", name],
  json: runOutput({ materializations: [wrote(["c", "s", name])] }),
});

const top = model("top", { upstream: ["daily"] });
const daily = model("daily", { grain: "day", upstream: ["raw"], madeElsewhere: "ifMissing" });
const plan: DerivedGroupPlan = {
  kind: "derivedGroup",
  opName: "rocky_models_unpartitioned",
  models: [model("raw"), daily, top],
};
const settings = {
  executionMode: "streaming",
  satisfyEmptyOutputs: false,
  surfaceCompliance: false,
  surfaceRetentionStatus: false,
  resourceKey: "rocky",
} as const;

let engine: RecordedEngine | undefined;
afterEach(() => engine?.dispose());

async function run(answers: readonly RecordedAnswer[], materialized: readonly AssetKey[] = []) {
  engine = createRecordedEngine(answers);
  const rocky = createRockyResource(
    { binaryPath: engine.path },
    { projectRoot: engine.folder, env: process.env },
  );
  const assets = [AssetKey.of("c", "s", "raw"), top.key];
  const outcome = await runOp(createCompute(plan, settings), { assets, materialized, resources: { rocky } });
  const ran = engine.calls().map((argv) => argv[argv.indexOf("--model") + 1]);
  return { ...outcome, ran };
}

test("a partitioned model that was never made is built once, for what reads it, and not reported", async () => {
  const { events, ran, failure } = await run(["raw", "daily", "top"].map(built));
  expect(ran).toEqual(["raw", "daily", "top"]);
  expect(eventLines(events)).toEqual(["materialize c/s/raw", "materialize c/s/top"]);
  expect(failure).toBeUndefined();
});

test("one that was made is left alone", async () => {
  const { ran } = await run(["raw", "top"].map(built), [daily.key]);
  expect(ran).toEqual(["raw", "top"]);
});

test("one that was made does not hold up what reads it when its own upstream fails", async () => {
  const broken = {
    when: ["run", "--model", "raw"],
    json: runOutput({ errors: [failed(["c", "s", "raw"], "gone")] }),
  };
  const { events } = await run([broken, built("top")], [daily.key]);
  expect(eventLines(events)).toEqual(["materialize c/s/top"]);
});

test("when it fails, what reads it is tried all the same: its table may be there", async () => {
  const broken = {
    when: ["run", "--model", "daily"],
    json: runOutput({ errors: [failed(["c", "s", "daily"], "no such column")] }),
  };
  const { events, ran, log } = await run([built("raw"), broken, built("top")]);
  expect(ran).toEqual(["raw", "daily", "top"]);
  expect(eventLines(events)).toEqual(["materialize c/s/raw", "materialize c/s/top"]);
  expect(log.map(({ message }) => message).join()).toContain("no such column");
});

test("when its own upstream fails, it is not started and holds nothing up", async () => {
  const broken = {
    when: ["run", "--model", "raw"],
    json: runOutput({ errors: [failed(["c", "s", "raw"], "gone")] }),
  };
  const { events, ran } = await run([broken, built("daily"), built("top")]);
  expect(ran).toEqual(["raw", "top"]);
  expect(eventLines(events)).toEqual(["materialize c/s/top"]);
});
