import { didYouMean, nearestName } from "../suggest.ts";
import { isTable, type TomlTable } from "./toml.ts";

export interface Problem {
  readonly severity: "error" | "warning";
  readonly path: readonly string[];
  readonly message: string;
  readonly hint?: string;
  /** Set for a key that nobody knows: the known one that it looks like. */
  readonly near?: string;
  /** True when the path is that of a field that is not there. */
  readonly missing?: true;
  /**
   * Set when the shape is right and a rule is broken: the settings can still be inspected, which is what
   * `validate` does. The code is the one it reports.
   */
  readonly rule?: "V032" | "V033" | "V046";
}

const LONGEST_NAME = 80;

const clip = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;

/** What a TOML value is, in words. */
export const describeValue = (value: unknown): string => {
  if (Array.isArray(value)) return "an array";
  if (isTable(value)) return "a table";
  if (typeof value === "string") return "a text";
  if (typeof value === "bigint" || typeof value === "number") return "a number";
  return typeof value === "boolean" ? "a boolean" : "a date";
};

/**
 * Reads one TOML table key by key. It remembers which keys were asked for, so that `done` can name the ones
 * nobody knows, and collects problems instead of throwing, so that one pass reports them all.
 */
export class TableReader {
  readonly path: readonly string[];
  readonly table: TomlTable;
  readonly problems: Problem[];
  /** How bad a key is that nobody reads; sub-tables inherit it. */
  readonly unknownKeys: Problem["severity"];
  readonly #known = new Set<string>();

  constructor(
    table: TomlTable,
    path: readonly string[],
    problems: Problem[],
    unknownKeys: Problem["severity"] = "error",
  ) {
    this.table = table;
    this.path = path;
    this.problems = problems;
    this.unknownKeys = unknownKeys;
  }

  /** The untouched value; marks the key as known. */
  raw(key: string): unknown {
    this.#known.add(key);
    return this.table[key];
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  /** A field that must be there and is not. */
  missing(key: string, hint: string): void {
    const path = [...this.path, key];
    this.problems.push({ severity: "error", path, message: `missing field \`${key}\``, hint, missing: true });
  }

  problem(key: string, message: string, hint?: string, severity: Problem["severity"] = "error"): void {
    const path = key === "" ? this.path : [...this.path, ...key.split(".")];
    this.problems.push({ severity, path, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** A broken rule, as opposed to a wrong shape. */
  broken(key: string, message: string, hint: string): void {
    const path = key === "" ? this.path : [...this.path, ...key.split(".")];
    this.problems.push({ severity: "error", path, message, hint, rule: "V046" });
  }

  #wrong(key: string, value: unknown, expected: string): undefined {
    this.problem(key, `expected ${expected}, found ${describeValue(value)}`);
    return undefined;
  }

  string(key: string): string | undefined {
    const value = this.raw(key);
    return value === undefined || typeof value === "string" ? value : this.#wrong(key, value, "a text");
  }

  requiredString(key: string): string {
    if (!this.has(key)) this.missing(key, `add ${key} = "…"`);
    return this.string(key) ?? "";
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined || typeof value === "boolean") return value ?? fallback;
    this.#wrong(key, value, "true or false");
    return fallback;
  }

  number(key: string): number | undefined {
    const value = this.raw(key);
    if (typeof value === "bigint") return Number(value);
    return value === undefined || typeof value === "number" ? value : this.#wrong(key, value, "a number");
  }

  /** A whole number of at least `min`. */
  integer(key: string, min = 0): number | undefined {
    const value = this.number(key);
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && value >= min) return value;
    this.problem(key, `expected a whole number of at least ${min}, found ${value}`);
    return undefined;
  }

  oneOf<const C extends string>(key: string, choices: readonly C[]): C | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      this.problem(
        key,
        `unknown value '${value}', expected one of ${choices.map((choice) => `\`${choice}\``).join(", ")}`,
        didYouMean(value, choices),
      );
    return found;
  }

  strings(key: string): readonly string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.#wrong(key, value, "an array of texts");
    const texts: string[] = [];
    for (const [index, entry] of value.entries()) {
      if (typeof entry === "string") texts.push(entry);
      else this.problem(`${key}.${index}`, `expected a text, found ${describeValue(entry)}`);
    }
    return Object.freeze(texts);
  }

  requiredStrings(key: string): readonly string[] {
    if (!this.has(key)) this.missing(key, `add ${key} = ["…"]`);
    return this.strings(key) ?? [];
  }

  /** A table whose keys are free and whose values are texts. */
  textMap(key: string): Readonly<Record<string, string>> {
    return this.map(key, (value, path) => {
      if (typeof value === "string") return value;
      this.problems.push({
        severity: "error",
        path,
        message: `expected a text, found ${describeValue(value)}`,
      });
      return undefined;
    });
  }

  /** A table with free keys; entries for which `read` gives undefined are left out. */
  map<T>(
    key: string,
    read: (value: unknown, path: readonly string[], name: string) => T | undefined,
  ): Readonly<Record<string, T>> {
    const value = this.raw(key);
    const entries: [string, T][] = [];
    if (value === undefined) return Object.freeze({});
    if (!isTable(value)) {
      this.#wrong(key, value, "a table");
      return Object.freeze({});
    }
    for (const [name, entry] of Object.entries(value)) {
      const result = read(entry, [...this.path, key, name], name);
      if (result !== undefined) entries.push([name, result]);
    }
    return Object.freeze(Object.fromEntries(entries));
  }

  /** A sub-table that names all its keys. */
  child<T>(
    key: string,
    decode: (reader: TableReader) => T,
    unknownKeys: Problem["severity"] = this.unknownKeys,
  ): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!isTable(value)) return this.#wrong(key, value, "a table");
    return readTable(value, [...this.path, key], this.problems, decode, unknownKeys);
  }

  requiredChild<T>(key: string, decode: (reader: TableReader) => T): T {
    if (!this.has(key)) {
      this.missing(key, `add a [${[...this.path, key].join(".")}] table`);
      return decode(new TableReader({}, [...this.path, key], []));
    }
    return this.child(key, decode) ?? decode(new TableReader({}, [...this.path, key], []));
  }

  /** An array of such tables. */
  children<T>(
    key: string,
    decode: (reader: TableReader) => T,
    unknownKeys: Problem["severity"] = this.unknownKeys,
  ): readonly T[] {
    const value = this.raw(key);
    if (value === undefined) return Object.freeze([]);
    if (!Array.isArray(value)) {
      this.#wrong(key, value, "an array of tables");
      return Object.freeze([]);
    }
    const decoded: T[] = [];
    for (const [index, entry] of value.entries()) {
      if (isTable(entry))
        decoded.push(
          readTable(entry, [...this.path, key, String(index)], this.problems, decode, unknownKeys),
        );
      else this.problem(`${key}.${index}`, `expected a table, found ${describeValue(entry)}`);
    }
    return Object.freeze(decoded);
  }

  /**
   * Takes every key as known that does not look like the given one. When the key that says what the others mean is
   * missing, complaints about them would be guesses; only its own misspelling is worth a word.
   */
  overlookAllBut(decisive: string): void {
    for (const key of Object.keys(this.table))
      if (nearestName(key, [decisive]) === undefined) this.#known.add(key);
  }

  /** Reports keys that nobody asked for. */
  done(severity: Problem["severity"] = this.unknownKeys): void {
    for (const key of Object.keys(this.table)) {
      if (this.#known.has(key)) continue;
      const where = this.path.length === 0 ? "" : ` in \`${this.path.join(".")}\``;
      const near = nearestName(key, this.#known);
      const expected = [...this.#known].map((known) => `\`${known}\``).join(", ");
      const meant = near === undefined ? "" : `did you mean '${near}'? `;
      this.problems.push({
        severity,
        path: [...this.path, key],
        message: `unknown field \`${clip(key)}\`${where}`,
        hint: `${meant}expected one of ${expected}`,
        ...(near === undefined ? {} : { near }),
      });
    }
  }
}

/** Decodes a closed table. */
export const readTable = <T>(
  table: TomlTable,
  path: readonly string[],
  problems: Problem[],
  decode: (reader: TableReader) => T,
  unknownKeys: Problem["severity"] = "error",
): T => {
  const reader = new TableReader(table, path, problems, unknownKeys);
  const decoded = decode(reader);
  reader.done();
  return Object.freeze(decoded) as T;
};

/** Members that may be undefined become optional, as `exactOptionalPropertyTypes` wants them. */
export type Compact<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops undefined members and freezes. */
export const compact = <T extends object>(value: T): Compact<T> => {
  // Built anew: `delete` would turn every model into a slow dictionary, which large projects feel all the way.
  const kept: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) kept[key] = value[key];
  return Object.freeze(kept) as unknown as Compact<T>;
};
