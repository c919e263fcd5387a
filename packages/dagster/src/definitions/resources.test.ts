import { describe, expect, expectTypeOf, test } from "vitest";
import { createRecordingInstance, materialize } from "../testing/index.ts";
import { asset } from "./asset.ts";
import { Config } from "./config.ts";
import { Definitions } from "./define.ts";
import { job, schedule, sensor } from "./instigator-factories.ts";
import { configMapping } from "./job-config.ts";
import { resource } from "./resources.ts";

const made: string[] = [];
const database = resource({
  config: { host: Config.string({ default: "localhost" }), port: Config.int() },
  create: ({ config }) => {
    expectTypeOf(config.host).toEqualTypeOf<string>();
    expectTypeOf(config.port).toEqualTypeOf<number>();
    made.push(`database ${config.host}:${config.port}`);
    return { rows: () => config.port };
  },
  dispose: () => void made.push("database gone"),
});
/** What assets see of it; no more. */
interface Store {
  count(): number;
}
const store = resource({
  resources: { database },
  create: ({ resources }): Store => {
    made.push("store");
    return { count: () => resources.database.rows() + 1 };
  },
  dispose: () => void made.push("store gone"),
});
const counted = asset({ key: "counted", resources: { store } }, ({ resources }) => {
  expectTypeOf(resources.store.count()).toEqualTypeOf<number>();
  return { metadata: { count: resources.store.count() } };
});
const definitions = Definitions.create({
  assets: [counted],
  jobs: [
    job({
      name: "short",
      selection: ["counted"],
      config: configMapping({ port: Config.int({ default: 3 }) }, ({ port }) => ({
        resources: { database: { config: { port } } },
      })),
    }),
  ],
});
const runConfig = { resources: { database: { config: { port: 7 } } } };
const countOf = (run: Awaited<ReturnType<typeof materialize>>) => run.assets[0]?.metadata.count;

describe("resources", () => {
  test("get their config, and those that they are built on, which outlive them", async () => {
    const run = await materialize(definitions, { runConfig });
    expect(run.error).toBeUndefined();
    expect(countOf(run)).toEqual(8);
    expect(made.splice(0)).toEqual(["database localhost:7", "store", "store gone", "database gone"]);
  });

  test("fail the run before its first step when their config is wrong", async () => {
    const instance = createRecordingInstance();
    const run = await materialize(definitions, {
      instance,
      runConfig: { resources: { database: { config: { port: "x" } } } },
    });
    expect(run.success).toBe(false);
    expect(run.error).toContain("`resources.database.config.port`: expected Int");
    expect(instance.rows.map(({ type }) => type)).not.toContain("STEP_START");
    expect((await materialize(definitions)).error).toContain("`port` is missing");
  });

  test("may be replaced in a test", async () => {
    const run = await materialize(definitions, { resources: { store: { count: () => 42 } } });
    expect(countOf(run)).toEqual(42);
    await expect(materialize(definitions, { resources: { stor: 1 } })).rejects.toThrow(
      'did you mean "store"',
    );
  });

  test("that are replaced are replaced wherever they lie, and under those that are built on them", async () => {
    const renamed = resource({
      resources: { db: database },
      create: ({ resources }): Store => ({ count: () => resources.db.rows() }),
    });
    const seen = asset({ key: "seen", resources: { renamed } }, ({ resources }) => ({
      metadata: { count: resources.renamed.count() },
    }));
    const twice = Definitions.create({ assets: [seen], resources: { database } });
    for (const key of ["database", "db"]) {
      const run = await materialize(twice, { resources: { [key]: { rows: () => 42 } } });
      expect(countOf(run)).toEqual(42);
    }
  });

  test("a job's own config stands for theirs", async () => {
    const run = await materialize(definitions, { jobName: "short" });
    expect(countOf(run)).toEqual(4);
    const other = await materialize(definitions, { jobName: "short", runConfig: { port: 9 } });
    expect(countOf(other)).toEqual(10);
    const wrong = await materialize(definitions, { jobName: "short", runConfig: { prt: 9 } });
    expect(wrong.error).toContain("there is no `prt`");
  });

  test("that nobody defines are refused when the location loads", async () => {
    const lonely = Definitions.create({
      assets: [asset({ key: "a", requiredResourceKeys: ["databse"] }, () => {})],
      resources: { database },
    });
    await expect(materialize(lonely)).rejects.toThrow("op `a` needs resource `databse`");
  });

  test("a job's config must fit", async () => {
    const withConfig = (config: object) =>
      Definitions.create({
        assets: [counted],
        jobs: [job({ name: "j", selection: ["counted"], config: config as typeof runConfig })],
      });
    await expect(materialize(withConfig({ ops: { couted: { config: {} } } }))).rejects.toThrow(
      'job `j`: run config `ops`: there is no `couted`; did you mean "counted"?',
    );
    await expect(
      materialize(withConfig({ resources: { database: { config: { port: "x" } } } })),
    ).rejects.toThrow("`resources.database.config.port`: expected Int");
    expect((await materialize(withConfig(runConfig), { jobName: "j" })).success).toBe(true);
  });

  test("schedules and sensors say which they need, typed", () => {
    const hourly = schedule(
      { name: "s", cron: "@hourly", target: ["counted"], resources: { store } },
      (context) => {
        expectTypeOf(context.resources.store.count()).toEqualTypeOf<number>();
        return {};
      },
    );
    const looking = sensor({ name: "l", resources: { store } }, ({ resources }) => {
      expectTypeOf(resources.store.count()).toEqualTypeOf<number>();
    });
    expect([hourly.requiredResourceKeys, looking.requiredResourceKeys]).toEqual([["store"], ["store"]]);
    expect(Object.keys(Definitions.create({ sensors: [looking] }).resources)).toEqual(["store", "database"]);
  });
});
