import type { Connection, Dialect } from "../../adapters/adapter.ts";
import type { Assertion } from "../../config/index.ts";
import type { CheckResult } from "../output.ts";
import { assertionColumn, assertionName, assertionQuery } from "./assertion-sql.ts";

export interface AssertionContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** A checked SQL name. */
  readonly table: string;
}

const verdict = (assertion: Assertion, passed: boolean, count: number): CheckResult => {
  const column = assertionColumn(assertion.rule);
  return {
    name: assertionName(assertion),
    passed,
    severity: assertion.severity,
    kind: assertion.rule.type,
    ...(column === undefined ? {} : { column }),
    failing_rows: count,
  };
};

/** An assertion that the warehouse could not answer has not held. */
export const unansweredAssertion = (assertion: Assertion): CheckResult => verdict(assertion, false, 0);

/** Asks one assertion. Throws when the warehouse cannot answer, for instance for a column that is not there. */
export const checkAssertion = async (
  context: AssertionContext,
  assertion: Assertion,
): Promise<CheckResult> => {
  const { sql, passes } = assertionQuery(assertion, context.table, context.dialect);
  const count = Number(await context.connection.scalar(sql));
  return verdict(assertion, passes(count), count);
};
