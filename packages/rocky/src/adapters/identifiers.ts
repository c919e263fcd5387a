import { SqlError } from "./sql-error.ts";

const SAFE = /^[A-Za-z0-9_]+$/;

/**
 * Names reach SQL text unescaped, so only letters, digits and underscores pass.
 * Answers the name; throws a `SqlError` that says where it was used.
 */
export const checkIdentifier = (name: string, where: string): string => {
  if (SAFE.test(name)) return name;
  const shown = name === "" ? "an empty name" : `'${name}'`;
  throw new SqlError("identifier", `${shown} is not a valid identifier (${where})`, {
    hint: "use letters, digits and underscores only",
  });
};

/** A text as a SQL string literal. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;
