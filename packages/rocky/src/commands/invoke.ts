import { formatError, RockyError } from "../errors.ts";
import { renderJson } from "../output/json.ts";
import { didYouMean } from "../suggest.ts";
import { ENGINE_VERSION } from "../version.ts";
import type { AnyCommand, CommandOutcome } from "./command.ts";
import type { CommandContext, CommandSummary } from "./context.ts";
import { createCommandContext } from "./create-context.ts";
import {
  anywhereFlags,
  anywhereShorts,
  type GlobalSettings,
  leadingFlags,
  leadingOnly,
  leadingShorts,
  readGlobals,
} from "./globals.ts";
import { commandHelp, overview } from "./help.ts";
import type { InvocationContext, InvocationResult } from "./invocation.ts";
import { parseArguments, parseLeadingFlags } from "./parse.ts";
import { registry } from "./registry.ts";

const LONGEST_COMMAND = 3;

const print = (stdout: string): InvocationResult => ({ exitCode: 0, stdout, stderr: "" });

const fail = (error: RockyError, show: (text: string) => string = (text) => text): InvocationResult => {
  const shown = error.withTexts(show);
  const exitCode = error.code === "usage" ? 2 : error.code === "cancelled" ? 130 : 1;
  return { exitCode, stdout: "", error: shown, stderr: formatError(shown) };
};

/** The registry entry for the leading words of `argv`, longest name first. */
const findCommand = (argv: readonly string[]): { name: string; words: number } | undefined => {
  for (let words = Math.min(LONGEST_COMMAND, argv.length); words > 0; words -= 1) {
    const name = argv.slice(0, words).join(" ");
    if (Object.hasOwn(registry, name)) return { name, words };
  }
  return undefined;
};

/** Commands whose names go on where the given words end. */
const continuations = (words: readonly string[]): readonly string[] => {
  const start = `${words.join(" ")} `;
  return Object.keys(registry).filter((name) => name.startsWith(start));
};

const unknownCommand = (argv: readonly string[]): RockyError => {
  const [word = "", second] = argv;
  const longer = continuations([word]);
  if (longer.length > 0) {
    const near = second === undefined ? undefined : didYouMean(`${word} ${second}`, longer);
    return new RockyError("usage", `'${word}' is the beginning of a command`, {
      hint: near ?? `one of ${longer.join(", ")}`,
    });
  }
  const near = didYouMean(word, Object.keys(registry));
  return new RockyError("usage", `unrecognized command '${word}'`, {
    hint: near ?? "`rocky --help` lists the commands",
  });
};

const forPeople = async (
  outcome: CommandOutcome,
  payload: unknown,
  context: CommandContext,
): Promise<string> => {
  if (context.output === "table" && outcome.table !== undefined)
    return context.redactor.value(outcome.table());
  const { renderForPeople } = await import("../output/people.ts");
  const shown = outcome.view === undefined ? payload : context.redactor.payload(outcome.view());
  return renderForPeople(shown, context.output === "md" ? "md" : "table");
};

const renderOutcome = async (outcome: CommandOutcome, context: CommandContext): Promise<InvocationResult> => {
  const exitCode = outcome.exitCode ?? (outcome.error === undefined ? 0 : 1);
  const error = outcome.error?.withTexts(context.redactor.text);
  const stderr = error === undefined ? "" : formatError(error);
  const failure = error === undefined ? {} : { error };
  if (outcome.text !== undefined) return { exitCode, stdout: outcome.text, stderr, ...failure };
  if (outcome.rendered !== undefined && context.output === "json" && cutsNothing(context)) {
    const payload = { get: () => outcome.payload, enumerable: true };
    const printed = { exitCode, stdout: outcome.rendered(), stderr, ...failure };
    // Few ask for the payload of a text, and making it costs more than the text did.
    return Object.defineProperties(printed, { payload });
  }
  if (outcome.payload === undefined) return { exitCode, stdout: "", stderr, ...failure };
  const payload = context.redactor.payload(outcome.payload);
  const stdout = context.output === "json" ? renderJson(payload) : await forPeople(outcome, payload, context);
  return { exitCode, stdout, stderr, payload, ...failure };
};

const cutsNothing = ({ redactor }: CommandContext): boolean => {
  const probe = {};
  return redactor.payload(probe) === probe;
};

interface Prepared {
  readonly command: AnyCommand;
  readonly args: Parameters<AnyCommand["invoke"]>[0];
  readonly settings: GlobalSettings;
}

const prepare = async (
  argv: readonly string[],
  outside: InvocationContext,
): Promise<Prepared | InvocationResult> => {
  const { values: leading, rest } = parseLeadingFlags(argv, {
    flags: leadingFlags,
    positionals: [],
    shorts: leadingShorts,
  });
  if (leading.version === true) return print(`rocky ${ENGINE_VERSION}\n`);
  const given = argv.slice(rest);
  // `rocky help run` is `rocky run --help`.
  const asksHow = given[0] === "help";
  const words = asksHow ? given.slice(1) : given;
  const found = findCommand(words);
  if ((leading.help === true || asksHow) && found === undefined) return print(overview());
  if (found === undefined) {
    const word = words[0];
    throw word === undefined
      ? new RockyError("usage", "no command given", { hint: "`rocky --help` lists the commands" })
      : unknownCommand(words);
  }
  const entry = registry[found.name];
  if (entry === undefined) throw unknownCommand(words);
  const command = await entry.load();
  const target = {
    flags: { ...anywhereFlags, ...command.flags },
    positionals: command.positionals,
    shorts: anywhereShorts,
    elsewhere: leadingOnly,
  };
  const rest2 = words.slice(found.words);
  if (leading.help === true || asksHow || asksForHelp(rest2)) return print(commandHelp(command));
  const args = parseArguments(rest2, target, surplusHint(words));
  const settings = readGlobals(leading, args.flags, outside.env, outside.isTerminal ?? false);
  return { command, args, settings };
};

/** For `state retention`: the word too many may begin a longer command. */
const surplusHint = (words: readonly string[]): string | undefined => {
  const [first = "", second = ""] = words;
  const longer = continuations([first]);
  if (longer.length === 0 || second.startsWith("-")) return undefined;
  const begun = continuations([first, second]);
  if (begun.length > 0) return `one of ${begun.join(", ")}`;
  return didYouMean(`${first} ${second}`, longer) ?? `one of ${longer.join(", ")}`;
};

const listCommands = (): Promise<readonly CommandSummary[]> =>
  Promise.all(
    Object.entries(registry).map(async ([name, entry]) => ({ name, flags: (await entry.load()).flags })),
  );

const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf("--");
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === "--help" || word === "-h");
};

/**
 * Runs one command line, without the program name. Never throws, never touches the process: everything that
 * happened is in the result.
 */
export const invoke = async (
  argv: readonly string[],
  outside: InvocationContext,
): Promise<InvocationResult> => {
  let context: CommandContext | undefined;
  try {
    const prepared = await prepare(argv, outside);
    if ("exitCode" in prepared) return prepared;
    context = {
      ...createCommandContext(outside, prepared.settings, listCommands),
      invoke: (words) => invoke(words, { ...outside, isTerminal: false }),
    };
    return await renderOutcome(await prepared.command.invoke(prepared.args, context), context);
  } catch (thrown) {
    return fail(RockyError.from(thrown), context?.redactor.text);
  }
};
