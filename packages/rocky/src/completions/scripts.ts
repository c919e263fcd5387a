/** A command as completion scripts see it. */
export interface CompletableCommand {
  /** Words as typed. */
  readonly name: string;
  /** Flags with their dashes. */
  readonly flags: readonly string[];
}

export type Shell = "bash" | "zsh" | "fish";

const firstWords = (commands: readonly CompletableCommand[]): readonly string[] => [
  ...new Set(commands.map(({ name }) => name.split(" ")[0] ?? name)),
];

const bashCases = (commands: readonly CompletableCommand[]): string =>
  firstWords(commands)
    .map((word) => {
      const own = commands.filter(({ name }) => name.split(" ")[0] === word);
      const next = own.flatMap(({ name }) => name.split(" ").slice(1, 2));
      const flags = own.flatMap((command) => command.flags);
      return `    ${word}) words="${[...new Set([...next, ...flags])].join(" ")}" ;;`;
    })
    .join("\n");

const bash = (commands: readonly CompletableCommand[], globals: readonly string[]): string => `_rocky() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${firstWords(commands).join("|")}) break ;;
    esac
    word=""
  done
  case "$word" in
${bashCases(commands)}
    *) words="${[...firstWords(commands), ...globals].join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _rocky rocky
`;

const fish = (commands: readonly CompletableCommand[], globals: readonly string[]): string =>
  [
    "complete -c rocky -f",
    ...globals.map((flag) => `complete -c rocky -n __fish_use_subcommand -l ${flag.replace(/^--/, "")}`),
    ...firstWords(commands).map((word) => `complete -c rocky -n __fish_use_subcommand -a ${word}`),
    ...commands.flatMap(({ name, flags }) => {
      const [first = "", second] = name.split(" ");
      const seen = `-n '__fish_seen_subcommand_from ${first}'`;
      return [
        ...(second === undefined ? [] : [`complete -c rocky ${seen} -a ${second}`]),
        ...flags.map((flag) => `complete -c rocky ${seen} -l ${flag.replace(/^--/, "")}`),
      ];
    }),
    "",
  ].join("\n");

/** The completion script for a shell; zsh reads the one for bash through its own bridge. */
export const completionScript = (
  shell: Shell,
  commands: readonly CompletableCommand[],
  globals: readonly string[],
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
