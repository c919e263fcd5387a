import { expect, test } from "vitest";
import { asset } from "../definitions/asset.ts";
import { Config } from "../definitions/config.ts";
import { Definitions } from "../definitions/define.ts";
import { job } from "../definitions/instigator-factories.ts";
import { configMapping } from "../definitions/job-config.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { resource } from "../definitions/resources.ts";
import { compileRepository } from "./repository.ts";
import { planRun } from "./plan-run.ts";
import { resolveRunConfig } from "./run-config.ts";

const repository = compileRepository(
  Definitions.create({
    assets: [asset({ key: "orders", config: { limit: Config.int({ default: 1 }) } }, () => {})],
    resources: { store: resource({ create: () => 1 }) },
    jobs: [
      job({
        name: "mapped",
        selection: ["orders"],
        config: configMapping({ op: Config.string() }, ({ op }) => ({ ops: { [op]: {} } })),
      }),
    ],
  }),
);

const resolve = (runConfig: JsonObject, jobName = "__ASSET_JOB") => {
  const plan = planRun(repository, { jobName });
  const steps = plan.steps.map(({ key, node }) => ({ key, definition: node.op.definition }));
  return resolveRunConfig({ job: plan.job, steps, runConfig, env: {} });
};

test("a run's config reaches its op, and the other sections are left to others", () => {
  const { opConfig } = resolve({ ops: { orders: { config: { limit: 2 } } }, loggers: {}, execution: {} });
  expect(opConfig("orders")).toEqual({ limit: 2 });
});

test.each<[JsonObject, string]>([
  [{ opz: {} }, 'run config: there is no `opz`; did you mean "ops"?'],
  [{ ops: [1] }, "run config `ops`: expected an object, got [1]"],
  [{ ops: { order: {} } }, 'run config `ops`: there is no `order`; did you mean "orders"?'],
  [{ ops: { orders: null } }, "run config `ops.orders`: expected an object, got null"],
  [
    { ops: { orders: { confg: {} } } },
    'run config `ops.orders`: there is no `confg`; did you mean "config"?',
  ],
  [{ ops: { orders: { config: 5 } } }, "run config `ops.orders.config`: expected an object, got 5"],
  [{ resources: { stoer: {} } }, 'run config `resources`: there is no `stoer`; did you mean "store"?'],
])("%j is refused, not overlooked", (runConfig, message) => {
  expect(() => resolve(runConfig)).toThrow(message);
});

test("what a config mapping gives is looked at as if it had been typed", () => {
  expect(() => resolve({ op: "orders" }, "mapped")).not.toThrow();
  expect(() => resolve({ op: "ordres" }, "mapped")).toThrow('did you mean "orders"?');
});
