import type { AnyCommand } from "./command.ts";
import type { Flag, Flags } from "./flags.ts";
import { anywhereFlags, leadingFlags } from "./globals.ts";
import { registry } from "./registry.ts";

const argumentOf = (flag: Flag): string => {
  switch (flag.kind) {
    case "boolean":
      return "";
    case "choice":
      return ` <${flag.choices.join("|")}>`;
    case "string":
    case "strings":
    case "integer":
      return ` <${flag.value}>`;
    default:
      return flag satisfies never;
  }
};

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
};

const flagRows = (flags: Flags): readonly (readonly [string, string])[] =>
  Object.entries(flags).map(([name, flag]) => [`--${name}${argumentOf(flag)}`, flag.help]);

/** The text of `rocky --help`. */
export const overview = (): string =>
  [
    "Rocky: SQL pipelines with column lineage, contracts and checks",
    "",
    "Usage: rocky [OPTIONS] <COMMAND> [ARGUMENTS]",
    "",
    "Commands:",
    columns(Object.entries(registry).map(([name, entry]) => [name, entry.summary])),
    "",
    "Options (before the command):",
    columns(flagRows(leadingFlags)),
    "",
  ].join("\n");

/** The text of `rocky COMMAND --help`. */
export const commandHelp = (command: AnyCommand): string => {
  const words = command.positionals.map(({ name, optional }) =>
    optional === true ? `[${name.toUpperCase()}]` : `<${name.toUpperCase()}>`,
  );
  const sections = [
    command.summary,
    "",
    `Usage: rocky ${[command.name, "[OPTIONS]", ...words].join(" ")}`,
    "",
  ];
  if (command.positionals.length > 0)
    sections.push(
      "Arguments:",
      columns(command.positionals.map(({ name, help }) => [name.toUpperCase(), help])),
      "",
    );
  sections.push("Options:", columns(flagRows({ ...command.flags, ...anywhereFlags })), "");
  return sections.join("\n");
};
