/** Flag descriptions. The argument parser reads them; `FlagValues` gives a command its typed arguments. */
export type Flag =
  | { readonly kind: "boolean"; readonly help: string }
  | { readonly kind: "string"; readonly help: string; readonly value: string }
  | { readonly kind: "strings"; readonly help: string; readonly value: string }
  | { readonly kind: "integer"; readonly help: string; readonly value: string; readonly min: number }
  | { readonly kind: "choice"; readonly help: string; readonly choices: readonly string[] };

/** Flags by their long name without dashes, such as `"fail-on"`. */
export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = F extends { kind: "boolean" }
  ? boolean
  : F extends { kind: "strings" }
    ? readonly string[]
    : F extends { kind: "integer" }
      ? number | undefined
      : F extends { kind: "choice"; choices: readonly (infer C)[] }
        ? C | undefined
        : string | undefined;

export type FlagValues<F extends Flags> = { readonly [K in keyof F]: FlagValue<F[K]> };

/** True when given. */
export const booleanFlag = (help: string): { kind: "boolean"; help: string } => ({ kind: "boolean", help });

/** `value` names the argument in the help text. */
export const stringFlag = (
  help: string,
  value = "VALUE",
): { kind: "string"; help: string; value: string } => ({
  kind: "string",
  help,
  value,
});

/** May be repeated; keeps the order. */
export const stringsFlag = (
  help: string,
  value = "VALUE",
): { kind: "strings"; help: string; value: string } => ({
  kind: "strings",
  help,
  value,
});

export const integerFlag = (
  help: string,
  options: { value?: string; min?: number } = {},
): { kind: "integer"; help: string; value: string; min: number } => ({
  kind: "integer",
  help,
  value: options.value ?? "N",
  min: options.min ?? 0,
});

export const choiceFlag = <const C extends readonly string[]>(
  help: string,
  choices: C,
): { kind: "choice"; help: string; choices: C } => ({ kind: "choice", help, choices });
