import { type RockyType, type ScalarKind, scalarType, unknownType } from "./rocky-type.ts";

const SCALARS: Readonly<Record<string, ScalarKind>> = {
  BOOLEAN: "Boolean",
  BOOL: "Boolean",
  LOGICAL: "Boolean",
  TINYINT: "Int32",
  SMALLINT: "Int32",
  INT: "Int32",
  INTEGER: "Int32",
  INT1: "Int32",
  INT2: "Int32",
  INT4: "Int32",
  SIGNED: "Int32",
  INT32: "Int32",
  BIGINT: "Int64",
  LONG: "Int64",
  INT8: "Int64",
  INT64: "Int64",
  FLOAT: "Float32",
  REAL: "Float32",
  FLOAT4: "Float32",
  FLOAT32: "Float32",
  DOUBLE: "Float64",
  "DOUBLE PRECISION": "Float64",
  FLOAT8: "Float64",
  FLOAT64: "Float64",
  STRING: "String",
  VARCHAR: "String",
  TEXT: "String",
  CHAR: "String",
  BPCHAR: "String",
  CHARACTER: "String",
  "CHARACTER VARYING": "String",
  NVARCHAR: "String",
  DATE: "Date",
  TIMESTAMP: "Timestamp",
  DATETIME: "Timestamp",
  TIMESTAMPTZ: "Timestamp",
  "TIMESTAMP WITH TIME ZONE": "Timestamp",
  TIMESTAMP_LTZ: "Timestamp",
  TIMESTAMP_NTZ: "TimestampNtz",
  BINARY: "Binary",
  VARBINARY: "Binary",
  BLOB: "Binary",
  BYTEA: "Binary",
  BYTES: "Binary",
  VARIANT: "Variant",
};

const DECIMAL = /^(?:DECIMAL|NUMERIC|DEC|NUMBER)(?:\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/;

/** What a warehouse's type text means to the compiler; `Unknown` for everything it does not reason about. */
export const fromWarehouseType = (text: string): RockyType => {
  const name = text.trim().toUpperCase();
  const decimal = DECIMAL.exec(name);
  if (decimal !== null) {
    return {
      kind: "Decimal",
      precision: decimal[1] === undefined ? 38 : Number(decimal[1]),
      scale: decimal[2] === undefined ? 0 : Number(decimal[2]),
    };
  }
  const kind = SCALARS[name.replace(/\s*\(\s*\d+\s*\)/, "").replace(/\s+/g, " ")];
  return kind === undefined ? unknownType : scalarType(kind);
};
