import {
  asset,
  Config,
  configMapping,
  Definitions,
  job,
  MetadataValue,
  resource,
  schedule,
  sensor,
} from "../../../packages/dagster/src/index.ts";
import { nothing } from "./plain.ts";

export function config(): Definitions {
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

export function resources(): Definitions {
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
