import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AssetEvent } from "../../definitions/events.ts";
import { failureHook, successHook } from "../../definitions/hooks.ts";
import { AssetKey } from "../../definitions/keys.ts";
import { type LogRecord, logger } from "../../definitions/loggers.ts";
import { type Instance, openInstance } from "../../instance/open-instance.ts";
import { createFixtureInstance, type FixtureInstance } from "../../instance/sqlite/fixture.ts";
import type { WireValue } from "../../wire/index.ts";
import { definitions, eventsOf, op, outline, runIn, spec } from "../fixture.ts";
import { getLogger } from "./current-logger.ts";
import { levelNumber } from "./levels.ts";

let fixture: FixtureInstance;
let instance: Instance;
let folder = "";
const open = async (settings: Readonly<Record<string, WireValue>>): Promise<void> => {
  fixture = createFixtureInstance(settings);
  instance = await openInstance(fixture.ref);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logging-"));
});
afterEach(async () => {
  await instance.close();
  fixture.remove();
  rmSync(folder, { recursive: true });
});

const talker = op([spec("a")], async function* ({ log }) {
  log.debug("too low");
  log.info("loaded", { rows: 3, table: "two words" });
  getLogger("shop.orders").warn("from a library");
  getLogger("other").warn("nobody asked for it");
  getLogger().error("ours");
  yield AssetEvent.materialize({ assetKey: AssetKey.from("a") });
});
const lines = (runId: string): string[] =>
  eventsOf(fixture, runId).flatMap(({ type, message }) => (type === "LOG" ? [message] : []));

it("keeps the lines that the instance wants, of the loggers that it manages", async () => {
  await open({ python_logs: { python_log_level: "info", managed_python_loggers: ["shop"] } });
  fixture.addRun("r1");
  await runIn(instance, fixture, "r1", definitions([talker]));
  expect(lines("r1")).toEqual(['loaded rows=3 table="two words"', "from a library", "ours"]);
});

it("writes to the files that the instance names, and says which handlers it does not have", async () => {
  const filename = join(folder, "logs", "dagster.log");
  await open({
    python_logs: {
      dagster_handler_config: {
        handlers: {
          file: { class: "logging.FileHandler", level: "INFO", formatter: "plain", filename },
          mail: { class: "logging.handlers.SMTPHandler", mailhost: "x" },
          nameless: { class: "logging.FileHandler" },
          misplaced: { class: "logging.FileHandler", filename: join(filename, "below.log") },
        },
        formatters: { plain: { format: "%(levelname)-8s|%(message)s" } },
      },
    },
  });
  fixture.addRun("r1");
  const { events } = await runIn(instance, fixture, "r1", definitions([talker]));
  const notice = (handler: string) =>
    events.find(({ message }) => message.includes(`\`${handler}\``))?.message;
  expect(notice("mail")).toContain("SMTPHandler");
  expect(notice("nameless")).toContain("no filename");
  expect(notice("misplaced")).toContain(filename);
  const written = readFileSync(filename, "utf8").trimEnd().split("\n");
  expect(written).toContain("INFO    |__ASSET_JOB - r1 - a - loaded");
  expect(written.some((line) => line.includes("STEP_START"))).toBe(false);
});

it("hands lines with their fields, and events, to the loggers that the run config chooses", async () => {
  await open({});
  const records: LogRecord[] = [];
  const closed: string[] = [];
  const json = logger({
    create: ({ config }) => ({
      write: (record) => {
        if (record.message === "ours") throw new Error("the logger itself");
        records.push(record);
      },
      close: () => void closed.push(String(config.where)),
    }),
  });
  const defs = definitions([talker], { loggers: { json } });
  fixture.addRun("r1", { fields: { run_config: { loggers: { json: { config: { where: "there" } } } } } });
  const { status } = await runIn(instance, fixture, "r1", defs);
  expect(status).toBe("SUCCESS");
  expect(closed).toEqual(["there"]);
  expect(records.find(({ message }) => message === "loaded")).toMatchObject({
    level: "info",
    stepKey: "a",
    fields: { rows: 3, table: "two words" },
  });
  const types = records.flatMap(({ eventType }) => eventType ?? []);
  expect(types[0]).toBe("ENGINE_EVENT");
  expect(types).toContain("STEP_SUCCESS");
  expect(types).toContain("PIPELINE_SUCCESS");

  fixture.addRun("r2", { fields: { run_config: { loggers: { jso: {} } } } });
  const second = await runIn(instance, fixture, "r2", defs);
  expect(second.status).toBe("FAILURE");
  expect(JSON.stringify(second.events)).toContain('did you mean \\"json\\"');
});

it("runs the hooks of an op and of its job after a step, with their resources, and keeps what they throw out of the run", async () => {
  await open({});
  const seen: string[] = [];
  const told = successHook({ name: "told", requiredResourceKeys: ["chat"] }, ({ stepKey, resources }) => {
    seen.push(`${stepKey} ${String(resources.chat)}`);
  });
  const blamed = failureHook({ name: "blamed" }, ({ error }) => {
    throw error;
  });
  const selection = { kind: "all" } as const;
  const defs = definitions(
    [
      op(
        [spec("a")],
        async function* () {
          yield AssetEvent.materialize({ assetKey: AssetKey.from("a") });
        },
        { hooks: [told] },
      ),
      op([spec("b")], () => {
        throw new Error("no luck");
      }),
    ],
    {
      resources: { chat: { create: () => "#data" } },
      jobs: [
        { kind: "job", name: "all", selection, tags: {}, runTags: {}, metadata: {}, hooks: [told, blamed] },
      ],
    },
  );
  fixture.addRun("r1", { fields: { pipeline_name: "all" } });
  fixture.execute("runs", "UPDATE runs SET pipeline_name = 'all'");
  const { events } = await runIn(instance, fixture, "r1", defs);
  expect(seen).toEqual(["a #data"]);
  expect(
    outline(events)
      .filter((line) => line.startsWith("HOOK"))
      .sort(),
  ).toEqual(["HOOK_COMPLETED:a", "HOOK_ERRORED:b", "HOOK_SKIPPED:a", "HOOK_SKIPPED:b"]);
});

it("reads levels as Python writes them", async () => {
  await open({});
  expect(["INFO", "warn", "Critical", "15", "loud"].map(levelNumber)).toEqual([20, 30, 50, 15, undefined]);
});
