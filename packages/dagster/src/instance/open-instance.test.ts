import { describe, expect, it } from "vitest";
import { parseConfigYaml, readConfig } from "./config-values.ts";
import { parseInstanceRef } from "./instance-ref.ts";
import { knownLosses, openInstance, requireKnownStorages } from "./open-instance.ts";
import { createFixtureInstance } from "./sqlite/fixture.ts";
import { createClock, epochSeconds, timestampText } from "./time.ts";

describe("storage classes", () => {
  it("are refused by name when this package cannot write to them", () => {
    const fixture = createFixtureInstance();
    const ref = parseInstanceRef(fixture.ref.replace("SqliteEventLogStorage", "MySQLEventLogStorage"));
    expect(() => requireKnownStorages(ref)).toThrow(/dagster\.MySQLEventLogStorage.*supported are Sqlite/);
    fixture.remove();
  });

  it("that only keep output are done without, visibly", async () => {
    const fixture = createFixtureInstance();
    const instance = await openInstance(
      fixture.ref.replace("LocalComputeLogManager", "GCSComputeLogManager"),
    );
    expect(instance.notices).toEqual([
      expect.stringMatching(/dagster\.GCSComputeLogManager; supported are Local/),
    ]);
    await instance.close();
    fixture.remove();
  });

  it("that cannot keep output from here do not take the run with them", async () => {
    const fixture = createFixtureInstance();
    const instance = await openInstance(
      fixture.ref.replace(/base_dir: [^"]*storage\\n/, "base_dir:\\n  env: LOGS_DIR\\n"),
      {},
    );
    expect(instance.notices).toEqual([
      expect.stringMatching(
        /^What steps, schedules and sensors print is not captured: .*LOGS_DIR, which is not set/,
      ),
    ]);
    await instance.close();
    fixture.remove();
  });

  it("that will be missed are known before anything is opened", () => {
    const fixture = createFixtureInstance();
    const ref = fixture.ref
      .replace("SqliteEventLogStorage", "MySQLEventLogStorage")
      .replace("LocalComputeLogManager", "AzureBlobComputeLogManager");
    expect(knownLosses(fixture.ref)).toEqual([]);
    expect(knownLosses(ref)).toEqual([
      expect.stringMatching(/^No run can be launched: .*dagster\.MySQLEventLogStorage/),
      expect.stringMatching(/is not captured: .*dagster\.AzureBlobComputeLogManager/),
    ]);
    fixture.remove();
  });

  it("take config values from the environment", async () => {
    const fixture = createFixtureInstance();
    const ref = fixture.ref.replace(/base_dir: [^"]*history\\n/, "base_dir:\\n  env: RUNS_DIR\\n");
    await expect(openInstance(ref, {})).rejects.toThrow(/RUNS_DIR, which is not set/);
    const instance = await openInstance(ref, { RUNS_DIR: `${fixture.home}/history` });
    expect(await instance.runs.getRun("none")).toBeUndefined();
    await instance.close();
    fixture.remove();
  });
});

describe("config", () => {
  it("is read the same with and without the YAML parser", async () => {
    expect(await parseConfigYaml("base_dir: /a/b-c_d.e\n")).toEqual({ base_dir: "/a/b-c_d.e" });
    expect(await parseConfigYaml("{}\n")).toEqual({});
    expect(await parseConfigYaml("flag: yes\nport: 5432\ndb:\n  name: 'x'\n")).toEqual({
      flag: true,
      port: 5432,
      db: { name: "x" },
    });
  });

  it("names the key of a wrong value", () => {
    const config = readConfig({ port: "abc" }, "config of X", {});
    expect(() => config.number("port")).toThrow("config of X: `port` must be a number");
    expect(() => config.requireText("base_dir")).toThrow("config of X: `base_dir` is missing");
  });
});

describe("time", () => {
  it("writes naive UTC microseconds as Python does", () => {
    expect(timestampText(1795210845.163769)).toBe("2026-11-20 21:40:45.163769");
    expect(timestampText(1795210848.3668103)).toBe("2026-11-20 21:40:48.366810");
    expect(timestampText(1.9999999)).toBe("1970-01-01 00:00:02.000000");
    expect(epochSeconds("2026-11-20 21:40:45.163769")).toBeCloseTo(1795210845.163769, 6);
  });

  it("never gives the same moment twice", () => {
    const clock = createClock(() => 1000);
    const seen = [clock(), clock(), clock()];
    expect(new Set(seen.map(timestampText)).size).toBe(3);
  });
});
