import { renderTable } from "./table.ts";

type Entries = Readonly<Record<string, unknown>>;

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** A value in one cell: lists joined, tables as `key=value`. */
const cell = (value: unknown): string => {
  if (isEmpty(value)) return "";
  if (Array.isArray(value)) {
    const plain = value.every((entry) => typeof entry !== "object" || entry === null);
    return plain
      ? value.map(String).join(value.length > 1 && value.every(isIdentifier) ? "." : ", ")
      : `${value.length} entries`;
  }
  if (!isEntries(value)) return String(value);
  const { catalog, schema, table, type, ...others } = value;
  if (typeof schema === "string" && typeof table === "string")
    return [catalog, schema, table].filter((part) => !isEmpty(part)).join(".");
  if (typeof type === "string") return [type, cell({ catalog, schema, table, ...others })].join(" ").trim();
  return Object.entries(value)
    .filter(([, entry]) => !isEmpty(entry))
    .map(([key, entry]) => `${key}=${cell(entry)}`)
    .join(" ");
};

// Parts of an asset key read best with dots between them.
const isIdentifier = (value: unknown): boolean =>
  typeof value === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);

const title = (key: string): string => key.replaceAll("_", " ");

const markdown = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return `${[line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
};

export type PeopleStyle = "table" | "md";

const rowsOf = (entries: readonly Entries[]): { header: string[]; rows: string[][] } => {
  const header = [...new Set(entries.flatMap((entry) => Object.keys(entry)))].filter((key) =>
    entries.some((entry) => !isEmpty(entry[key])),
  );
  return {
    header,
    rows: entries.map((entry) => header.map((key) => cell(entry[key]).replaceAll("\n", " "))),
  };
};

const section = (key: string, value: readonly Entries[], style: PeopleStyle): string => {
  const { header, rows } = rowsOf(value);
  const heading = style === "md" ? `## ${title(key)}\n\n` : `${title(key).toUpperCase()}\n`;
  return heading + (style === "md" ? markdown(header, rows) : renderTable(header.map(title), rows));
};

/** Any payload as text: plain values line by line, then a table for every list of objects. */
export const renderForPeople = (payload: unknown, style: PeopleStyle): string => {
  if (!isEntries(payload)) return `${String(payload)}\n`;
  const plain: string[][] = [];
  const sections: string[] = [];
  for (const [key, value] of Object.entries(payload)) {
    if (isEmpty(value) || key === "version") continue;
    if (Array.isArray(value) && value.every(isEntries)) sections.push(section(key, value, style));
    else plain.push([title(key), cell(value)]);
  }
  const facts =
    style === "md"
      ? markdown(["", ""], plain)
      : `${plain.map(([key, value]) => `${key}: ${value}`).join("\n")}\n`;
  return [...(plain.length === 0 ? [] : [facts]), ...sections].join("\n");
};
