/** A flag as completion scripts see it. */
export interface CompletableFlag {
  /** Without dashes. */
  readonly name: string;
  /** What may follow; undefined for anything, such as a file. */
  readonly choices?: readonly string[];
  readonly takesValue: boolean;
}

/** A command as completion scripts see it. */
export interface CompletableCommand {
  /** Words as typed. */
  readonly name: string;
  readonly flags: readonly CompletableFlag[];
  /** What its argument may be, where that is known. */
  readonly choices?: readonly string[];
}

export type Shell = "bash" | "zsh" | "fish";

/** Every beginning of a command's name with the words that may come next; "" begins them all. */
const beginnings = (commands: readonly CompletableCommand[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const next = new Map<string, Set<string>>();
  for (const { name } of commands) {
    const words = name.split(" ");
    for (const [index, word] of words.entries()) {
      const path = words.slice(0, index).join(" ");
      const known = next.get(path);
      if (known === undefined) next.set(path, new Set([word]));
      else known.add(word);
    }
  }
  return next;
};

const dashed = (flags: readonly CompletableFlag[]): readonly string[] => flags.map(({ name }) => `--${name}`);

const choiceCases = (
  commands: readonly CompletableCommand[],
  globals: readonly CompletableFlag[],
): readonly string[] => {
  const own = commands.flatMap((command) =>
    command.flags.map((flag) => ({ pattern: `"${command.name} --${flag.name}"`, flag })),
  );
  const shared = globals.map((flag) => ({ pattern: `*" --${flag.name}"`, flag }));
  return [...own, ...shared].flatMap(({ pattern, flag }) =>
    flag.choices === undefined ? [] : [`    ${pattern}) words="${flag.choices.join(" ")}" ;;`],
  );
};

const bash = (commands: readonly CompletableCommand[], globals: readonly CompletableFlag[]): string => {
  const next = beginnings(commands);
  const paths = [...new Set([...next.keys(), ...commands.map(({ name }) => name)])].filter(
    (path) => path !== "",
  );
  const wordCases = paths.map((path) => {
    const command = commands.find(({ name }) => name === path);
    const words = [...(next.get(path) ?? []), ...(command?.choices ?? []), ...dashed(command?.flags ?? [])];
    return `      "${path}") words="${words.join(" ")}" ;;`;
  });
  const valueFlags = new Set(
    [...commands.flatMap(({ flags }) => flags), ...globals].flatMap(({ name, takesValue }) =>
      takesValue ? [`--${name}`] : [],
    ),
  );
  return `_rocky() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local word path="" words="" given="no"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `"${path}"`).join("|")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path $previous" in
${choiceCases(commands, globals).join("\n")}
    *) given="yes" ;;
  esac
  if [ "$given" = yes ]; then
    case "$previous" in
      -c|${[...valueFlags].join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    case "$path" in
${wordCases.join("\n")}
      *) words="${[...(next.get("") ?? []), ...dashed(globals)].join(" ")}" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _rocky rocky
`;
};

const fishFlag = (condition: string, { name, choices, takesValue }: CompletableFlag): string => {
  const value = choices === undefined ? (takesValue ? " -r -F" : "") : ` -x -a '${choices.join(" ")}'`;
  return `complete -c rocky -n '${condition}' -l ${name}${value}`;
};

const fish = (commands: readonly CompletableCommand[], globals: readonly CompletableFlag[]): string => {
  // Each word of a command's name must have been typed, and none that would make it another command.
  const next = beginnings(commands);
  const typed = (path: string): string => {
    const seen = path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
    const further = next.get(path);
    return [
      ...seen,
      ...(further === undefined ? [] : [`not __fish_seen_subcommand_from ${[...further].join(" ")}`]),
    ].join("; and ");
  };
  return [
    "complete -c rocky -f",
    ...globals.map((flag) => fishFlag("__fish_use_subcommand", flag)),
    ...[...next].map(([path, words]) => {
      const condition = path === "" ? "__fish_use_subcommand" : typed(path);
      return `complete -c rocky -n '${condition}' -a '${[...words].join(" ")}'`;
    }),
    ...commands.flatMap(({ name, flags, choices }) => [
      ...(choices === undefined ? [] : [`complete -c rocky -n '${typed(name)}' -a '${choices.join(" ")}'`]),
      ...flags.map((flag) => fishFlag(typed(name), flag)),
    ]),
    "",
  ].join("\n");
};

/** The completion script for a shell; zsh reads the one for bash through its own bridge. */
export const completionScript = (
  shell: Shell,
  commands: readonly CompletableCommand[],
  globals: readonly CompletableFlag[],
): string => {
  switch (shell) {
    case "bash":
      return bash(commands, globals);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands, globals)}`;
    case "fish":
      return fish(commands, globals);
    default:
      return shell satisfies never;
  }
};
