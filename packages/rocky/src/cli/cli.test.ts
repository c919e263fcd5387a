import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_VERSION } from "../version.ts";

// The built program, as users have it; `npm test` builds before it tests.
const program = fileURLToPath(new URL("../../bin/rocky.js", import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const NOBODY = 65_534;

const writeProject = (): void => {
  mkdirSync(join(cwd, "models"));
  const target = '[target]\ncatalog = "w"\nschema = "main"\n';
  writeFileSync(join(cwd, "models", "_defaults.toml"), target);
  writeFileSync(join(cwd, "models", "a.sql"), "SELECT 1 AS x");
  const config =
    '[adapter]\ntype = "duckdb"\npath = "w.duckdb"\n[pipeline]\ntype = "transformation"\ntarget = {}\n';
  writeFileSync(join(cwd, "rocky.toml"), config);
};

const start = (...argv: string[]) => startAs(undefined, ...argv);

const startAs = (uid: number | undefined, ...argv: string[]) => {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  /** Resolves once standard error holds the text. */
  const heard = (text: string) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      child.stderr.on("data", look);
      look();
    });
  return { child, ended, heard };
};

describe("rocky", () => {
  it("prints its version", async () => {
    expect(await start("--version").ended).toEqual({
      code: 0,
      stdout: `rocky ${ENGINE_VERSION}\n`,
      stderr: "",
    });
  });

  it("prints JSON when standard output is no terminal, and ends with the command's code", async () => {
    const { code, stdout } = await start("validate").ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ command: "validate", valid: false });
  });

  it("keeps standard output empty for a usage error", async () => {
    const { code, stdout, stderr } = await start("compile", "--no-such-flag").ended;
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--no-such-flag");
  });

  it("works on when the reader of its log goes away", async () => {
    writeProject();
    const { child, ended } = start("run");
    child.stderr.destroy();
    const { code, stdout } = await ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { status: "Success" }]);
  });

  it("reads a state store where it may not write, and begins no run there", async () => {
    writeProject();
    await start("run").ended;
    const models = join(cwd, "models");
    chmodSync(cwd, 0o755);
    chmodSync(models, 0o555);
    for (const name of readdirSync(models))
      if (/-(?:wal|shm)$/.test(name)) rmSync(join(models, name));
      else chmodSync(join(models, name), 0o444);
    // Permissions mean nothing to root.
    const history = await startAs(process.getuid?.() === 0 ? NOBODY : undefined, "history").ended;
    expect([history.code, JSON.parse(history.stdout)]).toMatchObject([0, { count: 1 }]);
    const run = await startAs(process.getuid?.() === 0 ? NOBODY : undefined, "run").ended;
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringContaining("the file and its folder must be writable"),
    ]);
    chmodSync(models, 0o755);
  });

  it("does not mind a reader that goes away", async () => {
    const { child, ended } = start("--help");
    child.stdout.destroy();
    expect((await ended).code).toBe(0);
  });

  describe("signals", () => {
    // Many short statements, so that there is always a next moment to stop at.
    const project = () => {
      writeFileSync(
        join(cwd, "rocky.toml"),
        '[adapter]\ntype = "duckdb"\npath = "x.duckdb"\n[pipeline.t]\ntype = "transformation"\n[pipeline.t.target]\n[hook.on_before_model_run]\ncommand = "sleep 0.5"\n',
      );
    };

    it("drain a run and end with 130", async () => {
      await start("init", "made").ended;
      cwd = join(cwd, "made");
      project();
      const { child, ended, heard } = start("run");
      await heard("run_started");
      child.kill("SIGTERM");
      const { code, stdout } = await ended;
      expect(code).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({ interrupted: true });
      cwd = join(cwd, "..");
    });

    it("end it at once when they come twice", async () => {
      project();
      writeFileSync(join(cwd, "rocky.toml"), '[hook.on_pipeline_start]\ncommand = "echo up >&2; sleep 30"\n');
      const { child, ended } = start("hooks", "test", "on_pipeline_start");
      await new Promise((resolve) => setTimeout(resolve, 1500));
      child.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 200));
      child.kill("SIGINT");
      expect((await ended).code).toBe(130);
    });
  });
});
