import { type CompletableFlag, completionScript, type Shell } from "../completions/scripts.ts";
import { RockyError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { defineCommand } from "./command.ts";
import type { Flags } from "./flags.ts";
import { anywhereFlags, leadingFlags } from "./globals.ts";

const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

const completable = (flags: Flags): readonly CompletableFlag[] =>
  Object.entries(flags).map(([name, flag]) => ({
    name,
    takesValue: flag.kind !== "boolean",
    ...(flag.kind === "choice" ? { choices: flag.choices } : {}),
  }));

export const completions = defineCommand({
  name: "completions",
  summary: "Print a completion script for a shell",
  flags: {},
  positionals: [{ name: "shell", help: "bash, zsh or fish" }],
  run: async ({ positionals }, context) => {
    const shell = SHELLS.find((known) => known === positionals.shell);
    if (shell === undefined)
      throw new RockyError("usage", `'${positionals.shell}' is no known shell`, {
        hint: didYouMean(positionals.shell, SHELLS) ?? `one of ${SHELLS.join(", ")}`,
      });
    const commands = (await context.listCommands()).map(({ name, flags }) => ({
      name,
      flags: completable({ ...flags, ...anywhereFlags }),
      ...(name === "completions" ? { choices: SHELLS } : {}),
    }));
    return { text: completionScript(shell, commands, completable(leadingFlags)) };
  },
});
