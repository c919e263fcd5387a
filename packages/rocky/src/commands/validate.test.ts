import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ValidateMessage, ValidateOutput } from "../output/schemas/validate.ts";
import { Rocky } from "../embed/rocky.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-validate-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const validate = async (files: Record<string, string>, env: Record<string, string> = {}) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return new Rocky({ cwd, env }).call("validate");
};

const of = (output: ValidateOutput, code: string): readonly ValidateMessage[] =>
  output.messages.filter((message) => message.code === code);

const ADAPTER = '[adapter]\ntype = "duckdb"\npath = "x.duckdb"\n';
const TRANSFORMATION = '[pipeline.t]\ntype = "transformation"\n[pipeline.t.target]\n';
const pipeline = (type: string, body: string) => `[pipeline.p]\ntype = "${type}"\n${body}\n`;

describe("validate", () => {
  it("accepts a project and counts its models", async () => {
    const { output, exitCode } = await validate({
      "rocky.toml": ADAPTER + TRANSFORMATION,
      "models/a.sql": "select 1 as id",
      "models/b.sql": "select 2 as id",
    });
    expect(exitCode).toBe(0);
    expect(output).toMatchObject({ valid: true, models: { found: true, count: 2, dag_valid: true } });
  });

  it.each([
    ["an unknown adapter type", '[adapter.a]\ntype = "duckbd"\n', "V017", "error", "adapter.a.type"],
    [
      "databricks without a host",
      '[adapter.a]\ntype = "databricks"\nhttp_path = "/"\ntoken = "t"\n',
      "V011",
      "warn",
      "adapter.a.host",
    ],
    [
      "a fivetran adapter without its kind",
      '[adapter.a]\ntype = "fivetran"\n',
      "V032",
      "error",
      "adapter.a.kind",
    ],
    ["a models directory that is not there", ADAPTER + TRANSFORMATION, "V025", "warn", "pipeline.t.models"],
    [
      "models outside the project",
      `${ADAPTER}${pipeline("transformation", 'models = "../elsewhere/**"\n[pipeline.p.target]')}`,
      "V047",
      "error",
      "pipeline.p.models",
    ],
    [
      "a quality pipeline that checks nothing",
      `${ADAPTER}${pipeline("quality", "[pipeline.p.target]\n[pipeline.p.checks]")}`,
      "V026",
      "warn",
      "pipeline.p.tables",
    ],
    [
      "a check that never runs",
      `${ADAPTER}${pipeline("quality", "[pipeline.p.target]\n[pipeline.p.checks]\nenabled = true\nfreshness = { threshold_seconds = 1 }")}`,
      "V034",
      "warn",
      "pipeline.p.checks.freshness",
    ],
    [
      "a load without a folder",
      `${ADAPTER}${pipeline("load", 'source_dir = " "\ntarget = { catalog = "c", schema = "s" }')}`,
      "V029",
      "error",
      "pipeline.p.source_dir",
    ],
    [
      "an unknown pipeline in depends_on",
      `${ADAPTER}${pipeline("transformation", 'depends_on = ["q"]\n[pipeline.p.target]')}`,
      "V029",
      "error",
      "pipeline.p.depends_on",
    ],
    [
      "a broken cron expression",
      `${ADAPTER}${pipeline("transformation", '[pipeline.p.target]\n[pipeline.p.schedule]\ncron = "every day"')}`,
      "V036",
      "error",
      "pipeline.p.schedule",
    ],
    [
      "a schedule without a reason to run",
      `${ADAPTER}${pipeline("transformation", "[pipeline.p.target]\n[pipeline.p.schedule]")}`,
      "V040",
      "warn",
      "pipeline.p.schedule",
    ],
  ])("reports %s", async (_what, config, code, severity, field) => {
    const { output, exitCode } = await validate({ "rocky.toml": config });
    expect(of(output, code)).toMatchObject([{ severity, field }]);
    expect(exitCode).toBe(severity === "error" ? 1 : 0);
  });

  it("names the nearest model for an unknown dependency", async () => {
    const { output } = await validate({
      "rocky.toml": ADAPTER + TRANSFORMATION,
      "models/base.sql": "select 1",
      "models/reader.sql": "select 1",
      "models/reader.toml": 'depends_on = ["bass"]\n[target]\ncatalog = "c"\nschema = "s"\n',
    });
    expect(of(output, "V031")[0]?.message).toContain("did you mean 'base'?");
    expect(output.models.dag_valid).toBe(false);
  });

  it("reports a sidecar that cannot be read with file, line and key", async () => {
    const { output } = await validate({
      "rocky.toml": ADAPTER + TRANSFORMATION,
      "models/m.sql": "select 1",
      "models/m.toml": '[target]\ncatalog = "c"\nschema = "s"\n[strategy]\ntype = "nope"\n',
    });
    expect(of(output, "V030")[0]?.message).toContain("models/m.toml:5:1, key strategy.type");
  });

  it("reports what stops the config from loading, and nothing else", async () => {
    const { output, exitCode } = await validate({ "rocky.toml": `[adapter]\ntype = "\${KIND}"\n` });
    expect(exitCode).toBe(1);
    expect(output.messages).toHaveLength(1);
    expect(of(output, "V001")[0]?.message).toContain("'KIND' not set");
  });

  it("notes what a file states, not what defaults give", async () => {
    const { output } = await validate({
      "rocky.toml": ADAPTER + TRANSFORMATION,
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"\n',
      "models/plain.sql": "select 1",
      "models/plain.toml": 'intent = "says nothing twice"\n',
      "models/wordy.sql": "select 1",
      "models/wordy.toml": 'name = "wordy"\ndependson = []\n',
    });
    const notes = output.messages.filter((message) => message.severity === "lint");
    expect(notes.map(({ code, field }) => [code, field])).toEqual([
      ["L010", "dependson"],
      ["L001", "name"],
    ]);
    expect(output.valid).toBe(true);
  });
});
