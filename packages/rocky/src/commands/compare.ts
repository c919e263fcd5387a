import type { ColumnInfo, Session } from "../adapters/adapter.ts";
import { displayName, sqlName, type TableRef } from "../adapters/table-ref.ts";
import { RockyError } from "../errors.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { selectPipeline } from "../run/project.ts";
import { shadowOf } from "../run/shadow.ts";
import { shadowedTargets, shadowTable } from "../run/shadow-targets.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";
import { projectFlags } from "./project-options.ts";

/** Row counts further apart than this, in percent, fail; any smaller difference warns. */
const FAIL_ABOVE_PCT = 5;

export const compare = defineCommand({
  name: "compare",
  summary: "Compare the tables of a shadow run with those in production",
  flags: {
    ...projectFlags,
    filter: stringFlag("only sources that match", "KEY=VALUE"),
    pipeline: stringFlag("pipeline to compare", "NAME"),
    "shadow-suffix": stringFlag("suffix of the shadow tables (default: _rocky_shadow)", "TEXT"),
    "shadow-schema": stringFlag("schema of the shadow tables", "NAME"),
    branch: stringFlag("compare the tables of this branch", "NAME"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const shadow = shadowOf({
      shadow: true,
      suffix: flags["shadow-suffix"],
      schema: flags["shadow-schema"],
      branch: flags.branch,
    });
    if (shadow === undefined) throw new RockyError("internal", "no shadow to compare with");
    await using env = createRunEnvironment(context);
    const pipeline = selectPipeline(env.config, flags.pipeline);
    const { session, targets } = await shadowedTargets(env, pipeline, {
      filter: flags.filter,
      models: flags.models,
      mode: "read",
    });
    const results: Comparison[] = [];
    for (const { table } of targets) {
      const result = await compareTable(session, table, shadowTable(shadow, table));
      if (result !== undefined) results.push(result);
    }
    const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
    const failed = count("fail");
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "compare",
        filter: flags.filter ?? "",
        tables_compared: results.length,
        tables_passed: count("pass"),
        tables_warned: count("warn"),
        tables_failed: failed,
        results,
        overall_verdict: failed > 0 ? "fail" : count("warn") > 0 ? "warn" : "pass",
      },
      ...(failed === 0
        ? {}
        : { error: new RockyError("check_failed", `${failed} of ${results.length} tables differ`) }),
    };
  },
});

type Verdict = "pass" | "warn" | "fail";

interface Comparison {
  readonly production_table: string;
  readonly shadow_table: string;
  readonly row_count_match: boolean;
  readonly production_count: number;
  readonly shadow_count: number;
  readonly row_count_diff_pct: number;
  readonly schema_match: boolean;
  readonly schema_diffs: readonly string[];
  readonly verdict: Verdict;
}

/** Undefined when no shadow table was built. */
const compareTable = async (
  session: Session,
  production: TableRef,
  shadow: TableRef,
): Promise<Comparison | undefined> => {
  const shadowColumns = await session.describe(shadow);
  if (shadowColumns === undefined) return undefined;
  const productionColumns = await session.describe(production);
  const productionCount = productionColumns === undefined ? 0 : await countRows(session, production);
  const shadowCount = await countRows(session, shadow);
  const differences = schemaDifferences(productionColumns ?? [], shadowColumns);
  const difference = differencePct(productionCount, shadowCount);
  const failed = differences.length > 0 || difference > FAIL_ABOVE_PCT;
  return {
    production_table: displayName(production),
    shadow_table: displayName(shadow),
    row_count_match: productionCount === shadowCount,
    production_count: productionCount,
    shadow_count: shadowCount,
    row_count_diff_pct: difference,
    schema_match: differences.length === 0,
    schema_diffs: differences,
    verdict: failed ? "fail" : productionCount === shadowCount ? "pass" : "warn",
  };
};

const countRows = async (session: Session, table: TableRef): Promise<number> =>
  Number(await session.scalar(`SELECT COUNT(*) FROM ${sqlName(table, session.dialect)}`));

const differencePct = (production: number, shadow: number): number => {
  if (production === shadow) return 0;
  return production === 0 ? 100 : (Math.abs(shadow - production) / production) * 100;
};

const schemaDifferences = (
  production: readonly ColumnInfo[],
  shadow: readonly ColumnInfo[],
): readonly string[] => {
  const before = new Map(production.map((column) => [column.name.toLowerCase(), column.type]));
  const after = new Map(shadow.map((column) => [column.name.toLowerCase(), column.type]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const old = before.get(name);
    const now = after.get(name);
    if (old === now) return [];
    if (old === undefined) return [`column '${name}' (${now}) is new`];
    return now === undefined
      ? [`column '${name}' (${old}) is gone`]
      : [`column '${name}' changed from ${old} to ${now}`];
  });
};
