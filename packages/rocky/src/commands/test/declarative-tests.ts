import { sqlName, tableRef } from "../../adapters/table-ref.ts";
import type { Assertion, AssertionRule, RockyConfig } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import type { Model } from "../../models/index.ts";
import { assertionColumn, assertionQuery } from "../../run/checks/assertion-sql.ts";
import { createRunEnvironment, type RunEnvironment } from "../../run/environment.ts";
import { selectTransformation } from "../../run/project.ts";
import type { CommandContext } from "../context.ts";

export interface DeclarativeResult {
  readonly model: string;
  readonly table: string;
  readonly test_type: string;
  readonly column?: string;
  readonly severity: string;
  readonly status: "pass" | "fail" | "error";
  readonly detail?: string;
  readonly sql: string;
}

/** Asks every `[[tests]]` entry of the tables as they are in the warehouse. */
export const runDeclarativeTests = async (
  context: CommandContext,
  models: readonly Model[],
  pipeline: string | undefined,
): Promise<readonly DeclarativeResult[]> => {
  await using env = createRunEnvironment(context);
  const fallback = adapterOf(env.config, pipeline);
  const results: DeclarativeResult[] = [];
  for (const model of models) {
    for (const test of model.tests) results.push(await runTest(env, model, test, model.adapter ?? fallback));
  }
  return results;
};

/** The adapter that models without one of their own are on. */
const adapterOf = (config: RockyConfig, pipeline: string | undefined): string => {
  const transformation = selectTransformation(config, pipeline);
  if (transformation !== undefined) return transformation.target.adapter;
  const [first] = config.adapters;
  if (first !== undefined) return first.name;
  throw new RockyError("config_invalid", "there is no adapter to ask", {
    where: { file: config.file, key: "adapter" },
    hint: "add an [adapter] table",
  });
};

const runTest = async (
  env: RunEnvironment,
  model: Model,
  test: Assertion,
  adapter: string,
): Promise<DeclarativeResult> => {
  const session = await env.session(adapter, "read");
  const { catalog, schema, table } = model.target;
  const column = assertionColumn(test.rule);
  const query = assertionQuery(
    test,
    sqlName(tableRef(catalog, schema, table), session.dialect),
    session.dialect,
  );
  const base = {
    model: model.name,
    table: [catalog, schema, table].filter((part) => part !== "").join("."),
    test_type: test.rule.type,
    ...(column === undefined ? {} : { column }),
    severity: test.severity,
    sql: query.sql,
  };
  try {
    const count = Number(await session.scalar(query.sql));
    return query.passes(count)
      ? { ...base, status: "pass" }
      : { ...base, status: "fail", detail: finding(test.rule, count) };
  } catch (thrown) {
    return { ...base, status: "error", detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};

const finding = (rule: AssertionRule, count: number): string => {
  switch (rule.type) {
    case "not_null":
      return `${count} NULL row(s) found`;
    case "unique":
    case "unique_expr":
    case "composite":
      return `${count} duplicate value(s) found`;
    case "accepted_values":
      return `${count} value(s) not accepted`;
    case "relationships":
      return `${count} row(s) without a match in ${rule.toTable}`;
    case "row_count_range":
      return `${count} row(s) found`;
    case "aggregate":
      return `${rule.op}(${rule.column ?? "*"}) ${rule.cmp} ${rule.value} does not hold`;
    default:
      return `${count} row(s) break the rule`;
  }
};
