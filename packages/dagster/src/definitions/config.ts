import { DefinitionsError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./metadata.ts";

export type ConfigScalar = "Int" | "Float" | "String" | "Bool";

/** One type of the launchpad, as data. */
export type ConfigNode =
  | { readonly kind: "any" }
  /** With `env`, a run may give `{ env: "NAME" }` in place of the value. */
  | { readonly kind: "scalar"; readonly scalar: ConfigScalar; readonly env?: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "array" | "map" | "nullable"; readonly of: ConfigNode }
  | { readonly kind: "shape"; readonly fields: ConfigFields; readonly open: boolean }
  /** Exactly one of the fields. */
  | { readonly kind: "selector"; readonly fields: ConfigFields };

declare const value: unique symbol;

/** A field of a config: its type, and what stands for it when a run says nothing. */
export interface ConfigField<T = unknown, Required extends boolean = boolean> {
  readonly node: ConfigNode;
  readonly description?: string;
  readonly default?: JsonValue;
  /** A field without a default that may be left out. */
  readonly required: Required;
  /** Exists for the compiler alone: the type that user code sees. */
  readonly [value]?: T;
}

/** Fields by name. */
export interface ConfigFields {
  readonly [name: string]: ConfigField;
}

/** What user code gets for these fields. */
export type ConfigValues<F extends ConfigFields> = {
  readonly [K in keyof F as F[K] extends ConfigField<unknown, true> ? K : never]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends ConfigField<unknown, true> ? never : K]?: ValueOf<F[K]>;
};

type ValueOf<C> = C extends ConfigField<infer T> ? T : never;

/** Typed where an op declares its config; any JSON where it does not. */
export type OpConfig<F extends ConfigFields> = string extends keyof F ? JsonObject : ConfigValues<F>;

/** The choices of a selector: an object with exactly one of the fields. */
export type ConfigChoice<F extends ConfigFields> = {
  [K in keyof F]: { readonly [P in K]: ValueOf<F[K]> } & { readonly [P in Exclude<keyof F, K>]?: never };
}[keyof F];

export interface ConfigFieldOptions<T> {
  readonly description?: string;
  /** Used where a run says nothing. Default: a run must say it. */
  readonly default?: T;
}

export interface ConfigScalarOptions<T> extends ConfigFieldOptions<T> {
  /**
   * Environment variable that the run's process reads the value from when a run says nothing; the launchpad shows
   * its name only. A run may name another one, `{ env: "NAME" }`, or give the value itself.
   */
  readonly env?: string;
}

function field<T>(
  node: ConfigNode,
  { description, default: fallback }: ConfigFieldOptions<T | JsonValue> = {},
): ConfigField<T, true> {
  return Object.freeze({
    node: Object.freeze(node),
    required: true,
    ...(description === undefined ? {} : { description }),
    // Every `T` below is made of JSON.
    ...(fallback === undefined ? {} : { default: fallback as JsonValue }),
  });
}

function scalar<T extends string | number | boolean>(
  type: ConfigScalar,
  { env, ...options }: ConfigScalarOptions<T> = {},
): ConfigField<T, true> {
  if (env === undefined) return field<T>({ kind: "scalar", scalar: type }, options);
  if (options.default !== undefined) {
    throw new DefinitionsError(
      `a config field takes its default from the variable ${env} or from \`default\`, not from both`,
    );
  }
  return field<T>({ kind: "scalar", scalar: type, env: true }, { ...options, default: { env } });
}

/**
 * Types of a config (of an op, a resource or a job), as the launchpad shows and checks them:
 * `config: { limit: Config.int({ default: 100 }), mode: Config.enum(["fast", "safe"]) }`.
 */
export const Config = {
  string: (options?: ConfigScalarOptions<string>) => scalar<string>("String", options),
  int: (options?: ConfigScalarOptions<number>) => scalar<number>("Int", options),
  float: (options?: ConfigScalarOptions<number>) => scalar<number>("Float", options),
  bool: (options?: ConfigScalarOptions<boolean>) => scalar<boolean>("Bool", options),
  enum: <const V extends readonly string[]>(values: V, options?: ConfigFieldOptions<V[number]>) =>
    field<V[number]>({ kind: "enum", values }, options),
  array: <T>(of: ConfigField<T>, options?: ConfigFieldOptions<readonly T[]>) =>
    field<readonly T[]>({ kind: "array", of: of.node }, options),
  /** Any keys, values of one type. */
  map: <T>(of: ConfigField<T>, options?: ConfigFieldOptions<Readonly<Record<string, T>>>) =>
    field<Readonly<Record<string, T>>>({ kind: "map", of: of.node }, options),
  /** The type or null. Default: null. */
  nullable: <T>(of: ConfigField<T>, options: ConfigFieldOptions<T | null> = {}) =>
    field<T | null>({ kind: "nullable", of: of.node }, { default: null, ...options }),
  object: <F extends ConfigFields>(fields: F, options?: ConfigFieldOptions<ConfigValues<F>>) =>
    field<ConfigValues<F>>({ kind: "shape", fields, open: false }, options),
  /** An object that may have further fields, which are not checked. */
  openObject: <F extends ConfigFields>(
    fields: F,
    options?: ConfigFieldOptions<ConfigValues<F> & JsonObject>,
  ) => field<ConfigValues<F> & JsonObject>({ kind: "shape", fields, open: true }, options),
  oneOf: <F extends ConfigFields>(fields: F, options?: ConfigFieldOptions<ConfigChoice<F>>) =>
    field<ConfigChoice<F>>({ kind: "selector", fields }, options),
  any: (options?: ConfigFieldOptions<JsonValue>) => field<JsonValue>({ kind: "any" }, options),
  /** A field that may be left out and has no default: user code sees undefined. */
  optional: <T>({ default: _none, ...of }: ConfigField<T>): ConfigField<T, false> =>
    Object.freeze({ ...of, required: false }) as ConfigField<T, false>,
} as const;
