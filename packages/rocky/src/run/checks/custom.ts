import type { Connection } from "../../adapters/adapter.ts";
import { isSqlError } from "../../adapters/sql-error.ts";
import type { ChecksConfig } from "../../config/index.ts";
import { isInterruption } from "../failure.ts";
import type { CheckResult } from "../output.ts";

/** Told why a check could not be asked. */
export type OnProblem = (check: string, reason: string) => void;

/**
 * Asks the checks that people wrote in SQL; each answers one number. One that the warehouse cannot answer, or that
 * answers something else, has not passed, and the others are asked all the same.
 */
export const checkCustom = async (
  connection: Connection,
  checks: ChecksConfig["custom"],
  table: string,
  onProblem: OnProblem,
): Promise<readonly CheckResult[]> => {
  const results: CheckResult[] = [];
  for (const { name, sql, threshold, severity } of checks) {
    const query = sql.replaceAll("{table}", table).replaceAll("{target}", table);
    const file = (passed: boolean, value: number): void => {
      results.push({ name, passed, severity, query, result_value: value, threshold });
    };
    try {
      const answer = (await connection.scalar(query)) ?? 0;
      const value = Number(answer);
      if (Number.isNaN(value)) {
        onProblem(name, `it answers '${String(answer)}', which is no number`);
        file(false, 0);
      } else file(value <= threshold, value);
    } catch (error) {
      if (!isSqlError(error) || isInterruption(error)) throw error;
      onProblem(name, error.message);
      file(false, 0);
    }
  }
  return results;
};
