import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rocky, RockyError } from "../index.ts";
import { outputSchemas } from "../output/schemas/index.ts";
import { schemaProblems } from "../output/schema-problems.ts";
import { toArguments } from "../commands/to-arguments.ts";

let folder: string;
let rocky: Rocky;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rocky-embed-"));
  await new Rocky({ cwd: folder }).invoke(["playground", "shop", "--template", "showcase"]);
  rocky = new Rocky({ cwd: join(folder, "shop"), env: {} });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("Rocky", () => {
  it("answers with typed payloads that fit their published shape", async () => {
    const validated = await rocky.validate();
    expect(validated.valid).toBe(true);
    const compiled = await rocky.compile({ models: "models" });
    expect(compiled.models).toBe(6);
    const compliance = await rocky.compliance({ env: "prod" });
    expect(compliance.summary.total_exceptions).toBe(0);
    const retention = await rocky.retentionStatus({ model: "orders_by_day" });
    expect(retention.models[0]?.configured_days).toBe(730);
    expect(schemaProblems(outputSchemas.validate.json, validated)).toEqual([]);
    expect(schemaProblems(outputSchemas.compile.json, compiled)).toEqual([]);
    expect(schemaProblems(outputSchemas.compliance.json, compliance)).toEqual([]);
    expect(schemaProblems(outputSchemas.retention_status.json, retention)).toEqual([]);
    expect(schemaProblems(outputSchemas.dag.json, await rocky.dag({ columnLineage: true }))).toEqual([]);
    expect(schemaProblems(outputSchemas.lineage.json, await rocky.lineage("customer_orders"))).toEqual([]);
    expect(schemaProblems(outputSchemas.hooks_list.json, await rocky.hooksList())).toEqual([]);
  });

  it("throws an error with a stable code when there is nothing to show", async () => {
    const unknown = rocky.retentionStatus({ model: "orders_by_dya" });
    await expect(unknown).rejects.toBeInstanceOf(RockyError);
    await expect(unknown).rejects.toMatchObject({
      code: "unknown_name",
      hint: expect.stringContaining("orders_by_day"),
    });
  });

  it("gives the exit code beside a payload that is no success", async () => {
    const { exitCode, output } = await new Rocky({ cwd: folder, config: "nowhere.toml" }).call("validate");
    expect(exitCode).toBe(1);
    expect(output.valid).toBe(false);
  });
});

describe("toArguments", () => {
  it("writes flags as the command line has them", () => {
    expect(
      toArguments({ failOn: "exception", all: true, missing: false, var: ["a=1", "b=2"], lookback: 2 }),
    ).toEqual(["--fail-on=exception", "--all", "--var=a=1", "--var=b=2", "--lookback=2"]);
  });
});

describe("a whole round", () => {
  it("plans, applies, runs and looks back, every payload in its published shape", async () => {
    const plan = await rocky.plan({ model: "raw_orders" });
    expect(schemaProblems(outputSchemas.plan.json, plan)).toEqual([]);
    const applied = await rocky.apply(plan.plan_id ?? "");
    expect(applied).toMatchObject({ command: "run", status: "Success" });
    expect(schemaProblems(outputSchemas.run.json, applied)).toEqual([]);
    const run = await rocky.run({ from: "2025-03-01", to: "2025-03-03" });
    expect(schemaProblems(outputSchemas.run.json, run)).toEqual([]);
    expect(run).toMatchObject({ status: "Success" });
    for (const [name, output] of [
      ["history", await rocky.history()],
      ["model_history", await rocky.history({ model: "raw_orders" })],
      ["state", await rocky.state()],
      ["optimize", await rocky.optimize({ models: "models" })],
      ["test", await rocky.test({ models: "models" })],
      ["ci", await rocky.ci({ models: "models" })],
      ["cost", await rocky.cost("latest")],
      ["trace", await rocky.trace("latest")],
      ["doctor", await rocky.doctor()],
    ] as const)
      expect([name, schemaProblems(outputSchemas[name].json, output)]).toEqual([name, []]);
  });

  it("stops when its signal does", async () => {
    const stop = new AbortController();
    stop.abort();
    const { exitCode } = await rocky.invoke(["run"], { signal: stop.signal });
    expect(exitCode).toBe(130);
  });
});
