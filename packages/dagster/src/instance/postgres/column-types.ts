import type { CustomTypesConfig } from "pg";

const BOOLEAN = 16;
const BYTES = 17;
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

const parse = (type: number): ((text: string) => unknown) => {
  if (type === BOOLEAN) return (text) => text === "t";
  if (type === BYTES) return (text) => Buffer.from(text.slice(2), "hex");
  if (NUMBERS.has(type)) return Number;
  // Timestamps above all: the client's own parser would read them in the local time zone.
  return (text) => text;
};

/** Column values as SQLite gives them: texts, numbers, bytes. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((type: number) => parse(type)) as CustomTypesConfig["getTypeParser"],
};
