import { callTraced, castTraced, type Scope, type Traced, traceCompound, traceIdentifier } from "../trace.ts";

/** As much of an expression as tracing needs; everything else is null. */
export type Expression =
  | { readonly kind: "path"; readonly parts: readonly string[]; readonly at: number }
  | { readonly kind: "cast"; readonly fallible: boolean; readonly to: string; readonly inner: Expression }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly windowed: boolean;
    }
  | null;

/** The input column of an expression, once the FROM clause is known. */
export const traceQuick = (expression: Expression, scope: Scope): Traced | undefined => {
  if (expression === null) return undefined;
  switch (expression.kind) {
    case "path": {
      const [first] = expression.parts;
      if (first === undefined) return undefined;
      return expression.parts.length === 1
        ? traceIdentifier(first, scope)
        : traceCompound(expression.parts, scope);
    }
    case "cast": {
      const inner = traceQuick(expression.inner, scope);
      return inner && castTraced(inner, expression.fallible, expression.to);
    }
    case "call": {
      for (const argument of expression.args) {
        const inner = traceQuick(argument, scope);
        if (inner !== undefined) return callTraced(inner, expression.name, expression.windowed);
      }
      return undefined;
    }
    default:
      return expression satisfies never;
  }
};
