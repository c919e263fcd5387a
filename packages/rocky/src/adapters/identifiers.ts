import { SqlError } from "./sql-error.ts";

const SAFE = /^[A-Za-z0-9_]+$/;

/**
 * Names that people choose for what the engine makes: only letters, digits and underscores pass.
 * Answers the name; throws a `SqlError` that says where it was used.
 */
export const checkIdentifier = (name: string, where: string): string => {
  if (SAFE.test(name)) return name;
  const shown = name === "" ? "an empty name" : `'${name}'`;
  throw new SqlError("identifier", `${shown} is not a valid identifier (${where})`, {
    hint: "use letters, digits and underscores only",
  });
};

/** Any name will do where it is quoted, except none. */
export const requireName = (name: string, where: string): string =>
  name === "" ? checkIdentifier(name, where) : name;

/** A text as a SQL string literal. */
export const sqlString = (text: string): string => `'${text.replaceAll("'", "''")}'`;
