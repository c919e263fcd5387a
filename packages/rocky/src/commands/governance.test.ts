import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Rocky } from "../embed/rocky.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-governance-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const project = (files: Record<string, string>): Rocky => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return new Rocky({ cwd, env: {} });
};

const CONFIG =
  '[adapter]\ntype = "duckdb"\npath = "x.duckdb"\n[pipeline.t]\ntype = "transformation"\n[pipeline.t.target]\n[mask]\npersonal = "hash"\n';

describe("retention-status", () => {
  it("reports retention although a query is broken", async () => {
    const rocky = project({
      "models/_defaults.toml": '[target]\ncatalog = "c"\nschema = "s"\n',
      "models/kept.sql": "this is no query",
      "models/kept.toml": 'retention = "2y"\n',
      "models/plain.sql": "select 1",
    });
    expect((await rocky.retentionStatus()).models).toEqual([
      { model: "kept", configured_days: 730, in_sync: false },
      { model: "plain", in_sync: true },
    ]);
    expect(await rocky.retentionStatus({ drift: true, model: "plain" })).toMatchObject({
      models: [],
      message: expect.stringContaining("plain"),
    });
  });

  it("refuses a folder without models", async () => {
    await expect(project({}).retentionStatus({ models: "nowhere" })).rejects.toMatchObject({
      code: "no_models",
    });
  });
});

describe("compliance", () => {
  it("fails the gate after printing what it found", async () => {
    const rocky = project({
      "rocky.toml": CONFIG,
      "models/m.sql": "select 1",
      "models/m.toml":
        '[target]\ncatalog = "c"\nschema = "s"\n[classification]\nemail = "personal"\nborn = "unlisted"\n',
    });
    const { output, exitCode } = await rocky.call("compliance", {
      failOn: "exception",
      exceptionsOnly: true,
    });
    expect(exitCode).toBe(1);
    expect(output.per_column.map(({ column }) => column)).toEqual(["born"]);
    expect((await rocky.call("compliance")).exitCode).toBe(0);
  });
});

describe("doctor", () => {
  it("finds a project healthy without creating its database", async () => {
    const output = await project({ "rocky.toml": CONFIG }).doctor();
    expect(output.overall).toBe("healthy");
    expect(output.checks.map(({ name }) => name)).toContain("auth/default");
  });

  it("is critical, with exit code 3, about a configuration that cannot be read", async () => {
    const { output, exitCode } = await project({ "rocky.toml": "[adapter" }).call("doctor", {
      check: "config",
    });
    expect(exitCode).toBe(3);
    expect(output.checks).toMatchObject([{ name: "config", status: "critical" }]);
  });

  it("says which adapter this engine cannot reach", async () => {
    const rocky = project({ "rocky.toml": '[adapter.lake]\ntype = "trino"\nhost = "h"\n' });
    const { output, exitCode } = await rocky.call("doctor", { check: "auth" });
    expect(exitCode).toBe(3);
    expect(output.checks.find(({ name }) => name === "auth/lake")).toMatchObject({ status: "critical" });
  });
});
