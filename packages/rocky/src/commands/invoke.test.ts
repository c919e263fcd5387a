import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_VERSION } from "../version.ts";
import type { EngineEvent } from "./invocation.ts";
import { invoke } from "./invoke.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-invoke-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const run = (argv: readonly string[], env: Record<string, string> = {}) => invoke(argv, { cwd, env });

const CONFIG = '[adapter]\ntype = "duckdb"\n\n[pipeline.p]\ntype = "transformation"\n[pipeline.p.target]\n';

describe("invoke", () => {
  it("prints the version and help", async () => {
    expect(await run(["--version"])).toEqual({
      exitCode: 0,
      stdout: `rocky ${ENGINE_VERSION}\n`,
      stderr: "",
    });
    expect((await run(["--help"])).stdout).toContain("validate");
    expect((await run(["compliance", "--help"])).stdout).toContain("--exceptions-only");
  });

  it.each([
    [["validat"], "did you mean 'validate'?"],
    [["validate", "--no-such-flag"], "unexpected argument '--no-such-flag'"],
    [["validate", "-c", "rocky.toml"], "it goes before the command: rocky -c FILE COMMAND"],
    [["run", "--modle", "x"], "did you mean '--model'?"],
    [["hooks"], "one of hooks list, hooks test"],
    [["hooks", "tset"], "did you mean 'hooks test'?"],
    [["state", "retention"], "one of state retention sweep"],
    [["state", "shwo"], "did you mean 'state show'?"],
    [[], "no command given"],
  ])("answers %j with exit code 2 and an empty standard output", async (argv, text) => {
    const result = await run(argv);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(text);
  });

  it("helps with a command by either word order", async () => {
    const { stdout } = await run(["run", "--help"]);
    expect((await run(["help", "run"])).stdout).toBe(stdout);
    expect((await run(["help"])).stdout).toBe((await run(["--help"])).stdout);
  });

  it("reads the output format before and behind the command", async () => {
    write("rocky.toml", CONFIG);
    const before = await run(["-o", "table", "validate"]);
    const behind = await run(["validate", "-o", "table"]);
    expect(before.stdout).toBe(behind.stdout);
    expect(before.stdout).toContain("The project is valid.");
    const json = await run(["-o", "table", "validate", "--output", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      command: "validate",
      valid: true,
      version: ENGINE_VERSION,
    });
    expect(json.stdout.startsWith('{\n  "version"')).toBe(true);
  });

  it("hands the payload over beside its text", async () => {
    write("rocky.toml", CONFIG);
    const result = await run(["validate"]);
    expect(result.payload).toEqual(JSON.parse(result.stdout));
  });

  it("fails with text on standard error only", async () => {
    const result = await run(["-c", "nowhere.toml", "compliance"]);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain("nowhere.toml");
    expect(result.stderr).toContain("hint:");
  });

  it("keeps secrets out of errors and events", async () => {
    write("rocky.toml", `${CONFIG}[hook.on_pipeline_strat]\ncommand = "curl -H \${HOOK_TOKEN}"\n`);
    const events: EngineEvent[] = [];
    const result = await invoke(["hooks", "list"], {
      cwd,
      env: { HOOK_TOKEN: "tok-98765" },
      onEvent: (event) => events.push(event),
    });
    expect(events).toMatchObject([{ level: "warn", fields: { key: "hook.on_pipeline_strat" } }]);
    expect(result.exitCode).toBe(0);
    expect(JSON.stringify([result, events])).not.toContain("tok-98765");
  });

  it("takes the principal from the environment, which can only raise it", async () => {
    write("rocky.toml", CONFIG);
    const wrong = await run(["validate"], { ROCKY_PRINCIPAL: "robot" });
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect((await run(["validate"], { ROCKY_PRINCIPAL: "agent" })).exitCode).toBe(0);
  });
});
