import type { Transform } from "../sql/index.ts";
import type { OutputColumn } from "./project.ts";
import { isInteger, isUnknown, scalarType, unknownType } from "./rocky-type.ts";
import { fromWarehouseType } from "./warehouse-type.ts";
import { unreachable } from "../unreachable.ts";

export type Typed = Pick<OutputColumn, "type" | "nullable">;

export const UNTYPED: Typed = Object.freeze({ type: unknownType, nullable: true });

/** The type that a transform gives a column read from `input`. */
export const transformedType = (transform: Transform, input: Typed): Typed => {
  switch (transform.kind) {
    case "direct":
      return input;
    case "cast":
    case "try_cast": {
      // Without knowing the input the cast may still fail, so nothing is promised about the result.
      if (isUnknown(input.type)) return UNTYPED;
      return {
        type: fromWarehouseType(transform.to),
        nullable: transform.kind === "try_cast" || input.nullable,
      };
    }
    case "aggregation":
      return aggregateType(transform.name, input);
    case "expression":
      return UNTYPED;
    default:
      return unreachable(transform);
  }
};

const aggregateType = (name: string, input: Typed): Typed => {
  switch (name) {
    case "count":
      return { type: scalarType("Int64"), nullable: false };
    case "sum":
      return { type: isInteger(input.type) ? scalarType("Int64") : input.type, nullable: true };
    case "avg":
      return { type: input.type.kind === "Decimal" ? unknownType : scalarType("Float64"), nullable: true };
    case "min":
    case "max":
      return { type: input.type, nullable: true };
    default:
      return UNTYPED;
  }
};
