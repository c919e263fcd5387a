/**
 * Protobuf for the envelope messages of the service. They hold only five kinds of field, so a table of
 * numbers replaces a generated codec and keeps the process start short.
 */
export type FieldType = "string" | "bool" | "int32" | "bytes" | "strings";

/** Field name to its number and type. */
export type MessageShape = Readonly<Record<string, readonly [id: number, type: FieldType]>>;

/** Text may be handed over as its UTF-8 bytes, so that megabytes made in another thread are not copied again. */
export type Text = string | Uint8Array;

type Decoded<T extends FieldType> = {
  string: string;
  bool: boolean;
  int32: number;
  bytes: Uint8Array;
  strings: readonly string[];
}[T];

type Encodable<T extends FieldType> = T extends "string" ? Text : Decoded<T>;

export type DecodedMessage<S extends MessageShape> = { readonly [K in keyof S]: Decoded<S[K][1]> };
/** Absent fields are written as proto3 defaults, that is: not at all. */
export type EncodableMessage<S extends MessageShape> = { readonly [K in keyof S]?: Encodable<S[K][1]> };

const VARINT = 0;
const LENGTH_DELIMITED = 2;

const writeVarint = (out: number[], value: number): void => {
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
};

const varint = (...values: number[]): Buffer => {
  const out: number[] = [];
  for (const value of values) writeVarint(out, value);
  return Buffer.from(out);
};

const asBytes = (text: Text): Uint8Array => (typeof text === "string" ? Buffer.from(text, "utf8") : text);

const delimited = (id: number, bytes: Uint8Array): Uint8Array[] => [
  varint((id << 3) | LENGTH_DELIMITED, bytes.byteLength),
  bytes,
];

const encodeField = (id: number, type: FieldType, value: unknown): Uint8Array[] => {
  switch (type) {
    case "string":
    case "bytes": {
      const bytes = asBytes(value as Text);
      return bytes.byteLength === 0 ? [] : delimited(id, bytes);
    }
    case "strings":
      return (value as readonly string[]).flatMap((item) => delimited(id, asBytes(item)));
    case "bool":
      return value === true ? [varint((id << 3) | VARINT, 1)] : [];
    case "int32":
      return value === 0 ? [] : [varint((id << 3) | VARINT, value as number)];
    default: {
      const never: never = type;
      throw new TypeError(`unknown field type ${String(never)}`);
    }
  }
};

/** The bytes of a message in parts; those of texts given as bytes are not copied. */
export const encodeParts = <S extends MessageShape>(
  shape: S,
  message: EncodableMessage<S>,
): readonly Uint8Array[] => {
  const parts: Uint8Array[] = [];
  for (const [name, [id, type]] of Object.entries(shape)) {
    const value = message[name];
    if (value !== undefined) parts.push(...encodeField(id, type, value));
  }
  return parts;
};

export const encodeMessage = <S extends MessageShape>(shape: S, message: EncodableMessage<S>): Buffer =>
  Buffer.concat(encodeParts(shape, message));

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.byteLength;
  }

  varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("message ends inside a number");
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw new RangeError("a number in the message is longer than ten bytes");
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.byteLength) throw new RangeError("message ends inside a field");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  skip(wireType: number): void {
    if (wireType === VARINT) this.varint();
    else if (wireType === LENGTH_DELIMITED) this.take(Number(this.varint()));
    else if (wireType === 1) this.take(8);
    else if (wireType === 5) this.take(4);
    else throw new RangeError(`wire type ${wireType} is not supported`);
  }
}

const defaultOf = (type: FieldType): unknown => {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int32":
      return 0;
    case "bytes":
      return new Uint8Array();
    case "strings":
      return [];
    default: {
      const never: never = type;
      throw new TypeError(`unknown field type ${String(never)}`);
    }
  }
};

const text = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");

/** Unknown fields are skipped, as protobuf asks, so that a newer host can talk to an older server. */
export const decodeMessage = <S extends MessageShape>(shape: S, bytes: Uint8Array): DecodedMessage<S> => {
  const byId = new Map(Object.entries(shape).map(([name, [id, type]]) => [id, { name, type }]));
  const message: Record<string, unknown> = {};
  for (const [name, [, type]] of Object.entries(shape)) message[name] = defaultOf(type);
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = Number(reader.varint());
    const wireType = tag & 7;
    const field = byId.get(tag >>> 3);
    const isNumber = field?.type === "bool" || field?.type === "int32";
    if (field === undefined || wireType !== (isNumber ? VARINT : LENGTH_DELIMITED)) {
      reader.skip(wireType);
      continue;
    }
    if (isNumber) {
      const value = reader.varint();
      message[field.name] = field.type === "bool" ? value !== 0n : Number(BigInt.asIntN(32, value));
      continue;
    }
    const part = reader.take(Number(reader.varint()));
    if (field.type === "bytes") message[field.name] = part;
    else if (field.type === "strings") (message[field.name] as string[]).push(text(part));
    else message[field.name] = text(part);
  }
  return message as DecodedMessage<S>;
};
