export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

export type FrameBound =
  | { readonly kind: "unbounded" }
  | { readonly kind: "current" }
  | { readonly kind: "offset"; readonly rows: string };

export interface Window {
  readonly partitionBy: readonly string[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: { readonly unit: "ROWS" | "RANGE"; readonly start: FrameBound; readonly end: FrameBound };
}

export type Expression =
  /** A name, with its qualifier if it has one. */
  | { readonly kind: "column"; readonly name: string; readonly qualifier?: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "date"; readonly value: string }
  | { readonly kind: "word"; readonly value: "TRUE" | "FALSE" | "NULL" }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "negate"; readonly operand: Expression }
  | { readonly kind: "isNull"; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly values: readonly Expression[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly over?: Window;
    }
  | { readonly kind: "star" }
  | { readonly kind: "match"; readonly operand: Expression; readonly arms: readonly MatchArm[] };

export interface MatchArm {
  /** Undefined is the default arm. */
  readonly test: { readonly operator: BinaryOperator; readonly value: Expression } | undefined;
  readonly result: Expression;
}

export interface Named {
  readonly name: string;
  readonly expression: Expression;
}

export type JoinKind = "JOIN" | "LEFT JOIN" | "RIGHT JOIN" | "FULL JOIN" | "CROSS JOIN";

export type SelectItem =
  | { readonly kind: "star" }
  | { readonly kind: "column"; readonly name: string; readonly qualifier?: string };

export type Step =
  | { readonly kind: "from"; readonly source: string; readonly alias?: string }
  | { readonly kind: "where"; readonly condition: Expression }
  | { readonly kind: "group"; readonly keys: readonly string[]; readonly aggregates: readonly Named[] }
  | { readonly kind: "derive"; readonly columns: readonly Named[] }
  | { readonly kind: "select"; readonly items: readonly SelectItem[] }
  | {
      readonly kind: "join";
      readonly join: JoinKind;
      readonly source: string;
      readonly alias?: string;
      readonly on: readonly string[];
      readonly keep: readonly SelectItem[];
    }
  | { readonly kind: "sort"; readonly keys: readonly SortKey[] }
  | { readonly kind: "take"; readonly count: string }
  | { readonly kind: "distinct" }
  | { readonly kind: "replicate" };

export interface Program {
  readonly bindings: readonly { readonly name: string; readonly steps: readonly Step[] }[];
  readonly steps: readonly Step[];
}
