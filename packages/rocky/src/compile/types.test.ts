import { describe, expect, it } from "vitest";
import { fitsDemand, parseContractType } from "./contract-type.ts";
import { digest } from "./digest.ts";
import { transformedType } from "./infer-type.ts";
import { contractName, displayType, type RockyType, scalarType, unknownType } from "./rocky-type.ts";
import { commonType } from "./supertype.ts";
import { fromWarehouseType } from "./warehouse-type.ts";

const decimal = (precision: number, scale: number): RockyType => ({ kind: "Decimal", precision, scale });

describe("fromWarehouseType", () => {
  it.each([
    ["INTEGER", "INT32"],
    ["smallint", "INT32"],
    ["BIGINT", "INT64"],
    ["double precision", "FLOAT64"],
    ["REAL", "FLOAT32"],
    ["VARCHAR(20)", "STRING"],
    ["DECIMAL(12, 2)", "DECIMAL(12,2)"],
    ["NUMERIC", "DECIMAL(38,0)"],
    ["TIMESTAMP WITH TIME ZONE", "TIMESTAMP"],
    ["TIMESTAMP_NTZ", "TIMESTAMP_NTZ"],
    ["INTEGER[]", "?"],
    ["UUID", "?"],
  ])("reads %s as %s", (text, shown) => {
    expect(displayType(fromWarehouseType(text))).toBe(shown);
  });
});

describe("commonType", () => {
  const int = scalarType("Int32");
  const long = scalarType("Int64");
  it.each([
    [int, long, "INT64"],
    [scalarType("Float32"), scalarType("Float64"), "FLOAT64"],
    [long, scalarType("Float32"), "FLOAT64"],
    [int, decimal(5, 2), "DECIMAL(10,2)"],
    [long, decimal(5, 2), "DECIMAL(19,2)"],
    [decimal(5, 3), decimal(8, 1), "DECIMAL(8,3)"],
    [scalarType("TimestampNtz"), scalarType("Timestamp"), "TIMESTAMP"],
    [unknownType, int, "?"],
  ])("of %j and %j", (left, right, shown) => {
    expect(
      [commonType(left, right), commonType(right, left)].map((type) => type && displayType(type)),
    ).toEqual([shown, shown]);
  });

  it.each([
    [decimal(10, 2), scalarType("Float64")],
    [scalarType("Date"), scalarType("Timestamp")],
    [scalarType("String"), int],
  ])("does not exist for %j and %j", (left, right) => {
    expect(commonType(left, right)).toBeUndefined();
  });
});

describe("transformedType", () => {
  const known = { type: scalarType("Int32"), nullable: false };
  const unknown = { type: unknownType, nullable: true };
  it("promises nothing about a cast of something unknown", () => {
    expect(transformedType({ kind: "cast", to: "VARCHAR" }, unknown).type.kind).toBe("Unknown");
    expect(transformedType({ kind: "cast", to: "VARCHAR" }, known)).toEqual({
      type: scalarType("String"),
      nullable: false,
    });
    expect(transformedType({ kind: "try_cast", to: "VARCHAR" }, known).nullable).toBe(true);
  });

  it.each([
    ["count", unknown, "INT64", false],
    ["sum", known, "INT64", true],
    ["sum", { type: decimal(10, 2), nullable: true }, "DECIMAL(10,2)", true],
    ["avg", unknown, "FLOAT64", true],
    ["avg", { type: decimal(10, 2), nullable: true }, "?", true],
    ["max", known, "INT32", true],
    ["lag", known, "?", true],
  ])("of %s", (name, input, shown, nullable) => {
    const typed = transformedType({ kind: "aggregation", name }, input);
    expect([displayType(typed.type), typed.nullable]).toEqual([shown, nullable]);
  });
});

describe("contract types", () => {
  it("match exactly, by family, or anything unknown", () => {
    const fits = (text: string, type: RockyType): boolean | undefined => {
      const demand = parseContractType(text);
      return demand && fitsDemand(demand, type);
    };
    expect(fits("Int64", scalarType("Int32"))).toBe(false);
    expect(fits("Decimal", decimal(12, 2))).toBe(true);
    expect(fits("Decimal(10, 2)", decimal(12, 2))).toBe(false);
    expect(fits("Array<Int32>", { kind: "Array", element: scalarType("Int32") })).toBe(true);
    expect(fits("Date", unknownType)).toBe(true);
    expect(fits("Integer", scalarType("Int32"))).toBeUndefined();
  });

  it("are named as they are written", () => {
    expect(contractName(decimal(12, 2))).toBe("Decimal(12,2)");
    expect(contractName(scalarType("TimestampNtz"))).toBe("TimestampNtz");
  });
});

describe("digest", () => {
  it("is 16 hex digits and tells close texts apart", () => {
    const texts = Array.from({ length: 20_000 }, (_unused, index) => `SELECT ${index} FROM t`);
    const digests = new Set([...texts, "", " ", "ab", "ba"].map(digest));
    expect(digests.size).toBe(20_004);
    for (const found of digests) expect(found).toMatch(/^[0-9a-f]{16}$/);
  });
});
