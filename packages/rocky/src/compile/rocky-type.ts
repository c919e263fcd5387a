/** The engine's own column types; warehouse types are mapped onto them where they are known. */
export type RockyType =
  | { readonly kind: ScalarKind }
  | { readonly kind: "Decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "Array"; readonly element: RockyType }
  | { readonly kind: "Map"; readonly key: RockyType; readonly value: RockyType }
  | {
      readonly kind: "Struct";
      readonly fields: readonly { readonly name: string; readonly type: RockyType }[];
    };

export type ScalarKind =
  | "Boolean"
  | "Int32"
  | "Int64"
  | "Float32"
  | "Float64"
  | "String"
  | "Date"
  | "Timestamp"
  | "TimestampNtz"
  | "Binary"
  | "Variant"
  | "Unknown";

export const scalarType = (kind: ScalarKind): RockyType => SCALARS[kind];

const scalar = (kind: ScalarKind): RockyType => Object.freeze({ kind });

const SCALARS: Readonly<Record<ScalarKind, RockyType>> = Object.freeze({
  Boolean: scalar("Boolean"),
  Int32: scalar("Int32"),
  Int64: scalar("Int64"),
  Float32: scalar("Float32"),
  Float64: scalar("Float64"),
  String: scalar("String"),
  Date: scalar("Date"),
  Timestamp: scalar("Timestamp"),
  TimestampNtz: scalar("TimestampNtz"),
  Binary: scalar("Binary"),
  Variant: scalar("Variant"),
  Unknown: scalar("Unknown"),
});

export const unknownType: RockyType = SCALARS.Unknown;

export const isUnknown = (type: RockyType): boolean => type.kind === "Unknown";

export const isTemporal = (type: RockyType): boolean =>
  type.kind === "Date" || type.kind === "Timestamp" || type.kind === "TimestampNtz";

export const isInteger = (type: RockyType): boolean => type.kind === "Int32" || type.kind === "Int64";

export const isFloat = (type: RockyType): boolean => type.kind === "Float32" || type.kind === "Float64";

const DISPLAY: Readonly<Record<ScalarKind, string>> = Object.freeze({
  Boolean: "BOOL",
  Int32: "INT32",
  Int64: "INT64",
  Float32: "FLOAT32",
  Float64: "FLOAT64",
  String: "STRING",
  Date: "DATE",
  Timestamp: "TIMESTAMP",
  TimestampNtz: "TIMESTAMP_NTZ",
  Binary: "BINARY",
  Variant: "VARIANT",
  Unknown: "?",
});

/** How a type is shown in `lineage` and `catalog`. */
export const displayType = (type: RockyType): string => {
  switch (type.kind) {
    case "Decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "Array":
      return `ARRAY<${displayType(type.element)}>`;
    case "Map":
      return `MAP<${displayType(type.key)},${displayType(type.value)}>`;
    case "Struct":
      return `STRUCT<${type.fields.map((field) => `${field.name}:${displayType(field.type)}`).join(",")}>`;
    default:
      return DISPLAY[type.kind];
  }
};

/** How a type is written in contracts and named in diagnostics. */
export const contractName = (type: RockyType): string => {
  switch (type.kind) {
    case "Decimal":
      return `Decimal(${type.precision},${type.scale})`;
    case "Array":
      return `Array<${contractName(type.element)}>`;
    case "Map":
      return `Map<${contractName(type.key)},${contractName(type.value)}>`;
    case "Struct":
      return "Struct";
    default:
      return type.kind;
  }
};
