/** Values already rendered as JSON, one after the other, for a list inside a payload. */
export interface Fragments {
  /** Each the text of one or more values as `listItems` makes it; empty texts are passed over. */
  readonly fragments: readonly string[];
}

const indented = (value: unknown, depth: number): string =>
  JSON.stringify(value, undefined, 2).replaceAll("\n", `\n${"  ".repeat(depth)}`);

/** The values as they stand in a list at the top level of a payload, without the brackets; empty for none. */
export const listItems = (values: readonly unknown[]): string =>
  values.length === 0 ? "" : values.map((value) => `    ${indented(value, 2)}`).join(",\n");

const isFragments = (value: unknown): value is Fragments =>
  typeof value === "object" && value !== null && "fragments" in value && Array.isArray(value.fragments);

const list = ({ fragments }: Fragments): string => {
  const filled = fragments.filter((text) => text !== "");
  return filled.length === 0 ? "[]" : `[\n${filled.join(",\n")}\n  ]`;
};

/** What `renderJson` makes of a payload, some lists of which have been rendered before. */
export const renderWithFragments = (payload: Readonly<Record<string, unknown>>): string => {
  const entries = Object.entries(payload).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [`  ${JSON.stringify(key)}: ${isFragments(value) ? list(value) : indented(value, 1)}`],
  );
  return `{\n${entries.join(",\n")}\n}\n`;
};
