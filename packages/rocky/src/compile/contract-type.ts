import { isUnknown, type RockyType, type ScalarKind, scalarType } from "./rocky-type.ts";
import { sameType } from "./supertype.ts";

/** What a contract asks of a column's type. */
export type TypeDemand =
  | { readonly kind: "exact"; readonly type: RockyType }
  /** `Decimal`, `Array`, `Map` or `Struct` without parameters. */
  | { readonly kind: "family"; readonly family: RockyType["kind"] };

const SCALARS: Readonly<Record<string, ScalarKind>> = {
  Boolean: "Boolean",
  Int32: "Int32",
  Int64: "Int64",
  Float32: "Float32",
  Float64: "Float64",
  String: "String",
  Binary: "Binary",
  Date: "Date",
  Timestamp: "Timestamp",
  TimestampNtz: "TimestampNtz",
  Variant: "Variant",
};

export const CONTRACT_TYPES: readonly string[] = [
  ...Object.keys(SCALARS),
  "Decimal",
  "Array",
  "Map",
  "Struct",
];

/** Reads a contract's type; undefined when there is no such type. */
export const parseContractType = (text: string): TypeDemand | undefined => {
  const name = text.trim();
  const scalar = SCALARS[name];
  if (scalar !== undefined) return { kind: "exact", type: scalarType(scalar) };
  const decimal = /^Decimal\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(name);
  if (decimal !== null) {
    const type: RockyType = { kind: "Decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
    return { kind: "exact", type };
  }
  const family = /^(Decimal|Array|Map|Struct)(?:\s*<.*>)?$/.exec(name)?.[1];
  if (family === "Decimal" || family === "Array" || family === "Map" || family === "Struct") {
    return { kind: "family", family };
  }
  return undefined;
};

/** A type that is not known fits everything. */
export const fitsDemand = (demand: TypeDemand, type: RockyType): boolean => {
  if (isUnknown(type)) return true;
  return demand.kind === "family" ? type.kind === demand.family : sameType(demand.type, type);
};
