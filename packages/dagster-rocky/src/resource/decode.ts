/**
 * Tolerant decoders for engine output: unknown fields are ignored, absent optional ones become `undefined`,
 * and a wrong type says where it was found.
 */
export type Decoder<T> = (value: unknown) => T;
export type Infer<D> = D extends Decoder<infer T> ? T : never;

/** A value that does not have the documented shape; `path` reads like `materializations[3].asset_key`. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly reason: string;
  readonly path: string;

  constructor(reason: string, path = "") {
    super(path === "" ? reason : `${path}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }

  /** The same error seen from one level further out. */
  under(segment: string): DecodeError {
    const joined =
      this.path === "" || this.path.startsWith("[") ? segment + this.path : `${segment}.${this.path}`;
    return new DecodeError(this.reason, joined);
  }
}

const describe = (value: unknown): string => {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return `${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
};

const wrong = (expected: string, value: unknown): DecodeError =>
  new DecodeError(`expected ${expected}, got ${describe(value)}`);

/** What was thrown further in, with one more step of its path. */
const seenFrom = (error: unknown, segment: string): unknown =>
  error instanceof DecodeError ? error.under(segment) : error;

const within = <T>(segment: string, decode: () => T): T => {
  try {
    return decode();
  } catch (error) {
    throw seenFrom(error, segment);
  }
};

export const text: Decoder<string> = (value) => {
  if (typeof value !== "string") throw wrong("text", value);
  return value;
};

export const number: Decoder<number> = (value) => {
  if (typeof value !== "number") throw wrong("a number", value);
  return value;
};

export const boolean: Decoder<boolean> = (value) => {
  if (typeof value !== "boolean") throw wrong("true or false", value);
  return value;
};

/** Anything, as it came. */
export const anything: Decoder<unknown> = (value) => value;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An object as it came. */
export const record: Decoder<JsonRecord> = (value) => {
  if (!isRecord(value)) throw wrong("an object", value);
  return value;
};

export const list =
  <T>(item: Decoder<T>): Decoder<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw wrong("a list", value);
    const items: T[] = [];
    try {
      for (const entry of value) items.push(item(entry));
    } catch (error) {
      throw seenFrom(error, `[${items.length}]`);
    }
    return items;
  };

/** An object used as a map. Key order is kept. */
export const mapOf =
  <T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> =>
  (value) => {
    const source = record(value);
    return Object.fromEntries(
      Object.entries(source).map(([key, entry]) => [key, within(key, () => item(entry))]),
    );
  };

export const either =
  <A, B>(first: Decoder<A>, second: Decoder<B>): Decoder<A | B> =>
  (value) => {
    try {
      return first(value);
    } catch {
      return second(value);
    }
  };

/** One field of an object: its JSON name and how to read it. */
export interface Field<T> {
  readonly name: string;
  readonly read: Decoder<T>;
}

export const required = <T>(name: string, read: Decoder<T>): Field<T> => ({ name, read });

/** Absent and null both mean `undefined`. */
export const optional = <T>(name: string, read: Decoder<T>): Field<T | undefined> => ({
  name,
  read: (value) => (value === undefined || value === null ? undefined : read(value)),
});

/** Absent and null both mean `fallback`. */
export const defaulted = <T>(name: string, read: Decoder<T>, fallback: T): Field<T> => ({
  name,
  read: (value) => (value === undefined || value === null ? fallback : read(value)),
});

/** Absent and null both mean an empty list. */
export const many = <T>(name: string, item: Decoder<T>): Field<readonly T[]> =>
  defaulted<readonly T[]>(name, list(item), []);

type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

/** An object whose fields are read one by one under camelCase names. */
export const object = <T extends object>(fields: Fields<T>): Decoder<Readonly<T>> => {
  const keys = Object.keys(fields) as (keyof T)[];
  return (value) => {
    const source = record(value);
    const result: Partial<T> = {};
    for (const key of keys) {
      const { name, read } = fields[key];
      try {
        result[key] = read(source[name]);
      } catch (error) {
        throw seenFrom(error, name);
      }
    }
    return result as T;
  };
};

/**
 * An object whose fields have in JSON the names that they have here, and hold what is taken as it came. Where there are
 * very many, they are not copied.
 */
export const asItCame = <T extends object>(
  fields: { readonly [K in keyof T]: Decoder<T[K]> },
): Decoder<T> => {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value) => {
    const source = record(value);
    for (const name of names) {
      try {
        fields[name](source[name]);
      } catch (error) {
        throw seenFrom(error, name);
      }
    }
    return source as T;
  };
};
