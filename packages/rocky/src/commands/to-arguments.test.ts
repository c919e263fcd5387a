import { expect, it } from "vitest";
import { createCommandContext } from "./create-context.ts";
import { anywhereFlags, leadingFlags, leadingShorts, readGlobals } from "./globals.ts";
import { parseLeadingFlags } from "./parse.ts";
import { globalArguments, toArguments } from "./to-arguments.ts";

const settingsOf = (argv: readonly string[]) => {
  const target = { flags: { ...leadingFlags, ...anywhereFlags }, positionals: [], shorts: leadingShorts };
  return readGlobals(parseLeadingFlags(argv, target).values, {}, {}, false);
};

it("global flags mean the same to a command line that another one runs", () => {
  const settings = settingsOf([
    "-c",
    "a/rocky.toml",
    "--state-path=s.redb",
    "--state-namespace=n",
    "--cache-ttl=60",
    "--principal=agent",
  ]);
  expect(settings).toMatchObject({ configPath: "a/rocky.toml", cacheTtlSeconds: 60, principal: "agent" });
  const context = createCommandContext({ cwd: ".", env: {} }, settings, async () => []);
  expect(settingsOf(globalArguments(context))).toEqual(settings);
});

it("options become flags again, values that look like flags too", () => {
  expect(
    toArguments({ resumeLatest: true, all: false, filter: "--x", var: ["a=1", "b=2"], to: undefined }),
  ).toEqual(["--resume-latest", "--filter=--x", "--var=a=1", "--var=b=2"]);
});
