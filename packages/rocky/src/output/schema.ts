// Payload shapes are written once, as values: the TypeScript type and the JSON schema both come from them.

export type JsonSchema = { readonly [key: string]: unknown };

/** A shape. The type parameter exists for the compiler only. */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Never set; carries the type. */
  readonly shape?: T;
}

export type Static<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;

type ObjectType<R extends Fields, O extends Fields> = { readonly [K in keyof R]: Static<R[K]> } & {
  readonly [K in keyof O]?: Static<O[K]>;
};

const schema = <T>(json: JsonSchema): Schema<T> => Object.freeze({ json: Object.freeze(json) });

export const text = schema<string>({ type: "string" });
export const integer = schema<number>({ type: "integer" });
export const number = schema<number>({ type: "number" });
export const flag = schema<boolean>({ type: "boolean" });
export const unknownValue = schema<unknown>({});

export const choice = <const C extends readonly (string | number | boolean)[]>(
  ...values: C
): Schema<C[number]> => schema({ enum: values });

export const list = <T>(item: Schema<T>): Schema<readonly T[]> => schema({ type: "array", items: item.json });

export const tuple = <const S extends readonly Schema<unknown>[]>(
  ...items: S
): Schema<{ readonly [K in keyof S]: Static<S[K]> }> =>
  schema({
    type: "array",
    items: items.map((item) => item.json),
    minItems: items.length,
    maxItems: items.length,
  });

export const mapOf = <T>(value: Schema<T>): Schema<Readonly<Record<string, T>>> =>
  schema({ type: "object", additionalProperties: value.json });

export const nullable = <T>(inner: Schema<T>): Schema<T | null> =>
  schema({ anyOf: [inner.json, { type: "null" }] });

export const union = <const S extends readonly Schema<unknown>[]>(...members: S): Schema<Static<S[number]>> =>
  schema({ anyOf: members.map((member) => member.json) });

/** Required fields first, optional ones second. Fields that are not named are allowed. */
export const object = <R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Schema<ObjectType<R, O>> => {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, field] of Object.entries({ ...required, ...optional })) properties[name] = field.json;
  return schema({ type: "object", properties, required: Object.keys(required) });
};
