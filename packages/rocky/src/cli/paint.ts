/** Colours, or the same functions doing nothing. */
export interface Paint {
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly bold: (text: string) => string;
}

const sgr =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`;

const COLORS: Paint = Object.freeze({
  green: sgr(32),
  red: sgr(31),
  yellow: sgr(33),
  cyan: sgr(36),
  bold: sgr(1),
});

const same = (text: string): string => text;

export const PLAIN: Paint = Object.freeze({ green: same, red: same, yellow: same, cyan: same, bold: same });

/** Colours for a terminal whose user has not declined them (https://no-color.org). */
export const paintFor = (
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Paint => {
  const declined = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return stream.isTTY === true && !declined ? COLORS : PLAIN;
};

const MARKS: readonly (readonly [RegExp, keyof Paint])[] = [
  [/^ *ok(?= {2})/, "green"],
  [/^ *warn(?= {2})/, "yellow"],
  [/^ *ERR(?= {2})/, "red"],
  [/^ *note(?= {2})/, "cyan"],
  [/^Error:|^error(?=\[)/, "red"],
  [/^ {2}hint:/, "cyan"],
  [/^warning(?=[:[])/, "yellow"],
  [/^[A-Z][A-Z ]+$/, "bold"],
  [/\b(?:PartialFailure|Failure|critical|failed)\b/, "red"],
  [/\b(?:Success|healthy|completed)\b/, "green"],
];

const paintLine = (line: string, paint: Paint): string => {
  for (const [pattern, color] of MARKS)
    if (pattern.test(line)) return line.replace(pattern, (found) => paint[color](found));
  return line;
};

/** A text for people with its first remarkable word of each line coloured. */
export const paintText = (text: string, paint: Paint): string =>
  paint === PLAIN
    ? text
    : text
        .split("\n")
        .map((line) => paintLine(line, paint))
        .join("\n");
