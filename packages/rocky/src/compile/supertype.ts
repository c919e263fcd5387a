import { isFloat, isInteger, isUnknown, type RockyType, scalarType, unknownType } from "./rocky-type.ts";

export const sameType = (left: RockyType, right: RockyType): boolean =>
  left === right || JSON.stringify(left) === JSON.stringify(right);

/** Digits that an integer needs as a decimal. */
const integerDigits = (type: RockyType): number => (type.kind === "Int32" ? 10 : 19);

/** The narrowest type that holds both, or undefined when the two cannot be reconciled. Unknown absorbs. */
export const commonType = (left: RockyType, right: RockyType): RockyType | undefined => {
  if (isUnknown(left) || isUnknown(right)) return unknownType;
  if (sameType(left, right)) return left;
  return oneWay(left, right) ?? oneWay(right, left);
};

const oneWay = (left: RockyType, right: RockyType): RockyType | undefined => {
  if (left.kind === "Int32" && right.kind === "Int64") return right;
  if (left.kind === "Float32" && right.kind === "Float64") return right;
  if (isInteger(left) && isFloat(right)) return scalarType("Float64");
  if (left.kind === "Timestamp" && right.kind === "TimestampNtz") return left;
  if (right.kind !== "Decimal") return undefined;
  if (isInteger(left)) return { ...right, precision: Math.max(right.precision, integerDigits(left)) };
  if (left.kind !== "Decimal") return undefined;
  return {
    kind: "Decimal",
    precision: Math.max(left.precision, right.precision),
    scale: Math.max(left.scale, right.scale),
  };
};
