import type { ColumnInfo } from "../../adapters/adapter.ts";
import type { LoadContract } from "../../config/index.ts";

export interface ContractViolation {
  readonly rule: "required_column" | "column_type" | "nullable" | "protected_column" | "type_change";
  readonly column: string;
  readonly message: string;
}

const sameType = (left: string, right: string): boolean => normalType(left) === normalType(right);

const ALIASES: Readonly<Record<string, string>> = {
  string: "varchar",
  text: "varchar",
  int: "integer",
  int32: "integer",
  int64: "bigint",
  long: "bigint",
  float64: "double",
  float32: "float",
  bool: "boolean",
};

const normalType = (type: string): string => {
  const lower = type.toLowerCase().replaceAll(" ", "");
  return ALIASES[lower] ?? lower;
};

/** Compares what a file brings with the contract and with the table as it is. */
export const contractViolations = (
  contract: LoadContract,
  incoming: readonly ColumnInfo[],
  existing: readonly ColumnInfo[] | undefined,
  nullColumns: ReadonlySet<string>,
  /** A text file without rows has names and no types. */
  hasTypes = true,
): readonly ContractViolation[] => {
  const types = new Map(incoming.map(({ name, type }) => [name.toLowerCase(), type]));
  const violations: ContractViolation[] = [];
  for (const { name, type, nullable } of contract.requiredColumns) {
    const found = types.get(name.toLowerCase());
    if (found === undefined) {
      violations.push({
        rule: "required_column",
        column: name,
        message: `required column '${name}' is missing`,
      });
    } else if (hasTypes && !sameType(found, type)) {
      violations.push({
        rule: "column_type",
        column: name,
        message: `column '${name}' is ${found}, expected ${type}`,
      });
    } else if (!nullable && nullColumns.has(name.toLowerCase())) {
      violations.push({ rule: "nullable", column: name, message: `column '${name}' holds NULL` });
    }
  }
  for (const name of contract.protectedColumns) {
    const before = existing?.some((column) => column.name.toLowerCase() === name.toLowerCase()) ?? false;
    if (before && !types.has(name.toLowerCase())) {
      violations.push({
        rule: "protected_column",
        column: name,
        message: `protected column '${name}' is missing`,
      });
    }
  }
  for (const { name, type } of existing ?? []) {
    const now = types.get(name.toLowerCase());
    if (!hasTypes || now === undefined || sameType(now, type)) continue;
    const allowed = contract.allowedTypeChanges.some(
      ({ from, to }) => sameType(from, type) && sameType(to, now),
    );
    if (!allowed) {
      violations.push({
        rule: "type_change",
        column: name,
        message: `column '${name}' changes from ${type} to ${now}`,
      });
    }
  }
  return violations;
};
