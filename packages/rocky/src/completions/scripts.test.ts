import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { invoke } from "../commands/invoke.ts";

const script = async (shell: string): Promise<string> => {
  const { stdout, exitCode } = await invoke(["completions", shell], { cwd: ".", env: {} });
  expect(exitCode).toBe(0);
  return stdout;
};

/** What bash offers for the last word of a line, asked of a real one. */
const offered = (completions: string, words: readonly string[]): readonly string[] => {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-s"], {
    encoding: "utf8",
    input: `${completions}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
_rocky
printf '%s\\n' "\${COMPREPLY[@]}"
`,
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
};

it("bash completes commands, flags and their choices", async () => {
  const completions = await script("bash");
  expect(offered(completions, ["rocky", "ret"])).toEqual(["retention-status"]);
  expect(offered(completions, ["rocky", "--state-n"])).toEqual(["--state-namespace"]);
  expect(offered(completions, ["rocky", "run", "--shadow-s"])).toEqual([
    "--shadow-suffix",
    "--shadow-schema",
  ]);
  expect(offered(completions, ["rocky", "-c", "other.toml", "compile", "--expand"])).toEqual([
    "--expand-macros",
  ]);
  expect(offered(completions, ["rocky", "state", "retention", ""])).toEqual(["sweep"]);
  expect(offered(completions, ["rocky", "state", "retention", "sweep", "--min"])).toEqual([
    "--min-runs-kept",
  ]);
  expect(offered(completions, ["rocky", "run", "--output", ""])).toEqual(["json", "table", "md"]);
  expect(offered(completions, ["rocky", "init", "--template", "bi"])).toEqual(["bigquery"]);
  expect(offered(completions, ["rocky", "completions", "z"])).toEqual(["zsh"]);
});

it("the script for zsh is that for bash behind its bridge, the one for fish has a line for every flag", async () => {
  expect(await script("zsh")).toBe(`autoload -U +X bashcompinit && bashcompinit\n${await script("bash")}`);
  const fish = await script("fish");
  expect(fish).toContain(
    "complete -c rocky -n '__fish_seen_subcommand_from state; and __fish_seen_subcommand_from retention; and not __fish_seen_subcommand_from sweep' -a 'sweep'",
  );
  expect(fish).toContain("complete -c rocky -n '__fish_seen_subcommand_from completions' -a 'bash zsh fish'");
});
