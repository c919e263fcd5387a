import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Session } from "../adapters/adapter.ts";
import { displayName, sqlName, sqlSchemaName, type TableRef } from "../adapters/table-ref.ts";
import { RockyError } from "../errors.ts";
import type { RunEnvironment } from "../run/environment.ts";
import { selectPipeline } from "../run/project.ts";
import { shadowOf } from "../run/shadow.ts";
import { shadowedTargets, shadowTable } from "../run/shadow-targets.ts";

/** One table that a promotion replaces by that of a branch. */
export interface PromotionTarget {
  readonly source: TableRef;
  readonly target: TableRef;
  readonly strategy: string;
  readonly statement: string;
}

export interface Promotion {
  readonly session: Session;
  readonly targets: readonly PromotionTarget[];
  /** Over the branch's tables, their columns and row counts: tells whether they are still those that were planned. */
  readonly stateHash: string;
}

export interface PromotionChoice {
  readonly branch: string;
  readonly pipeline: string | undefined;
  readonly filter: string | undefined;
  readonly models: string | undefined;
}

/** What the tables of a branch would replace, and how. Throws when the branch holds none. */
export const findPromotion = async (env: RunEnvironment, choice: PromotionChoice): Promise<Promotion> => {
  const shadow = shadowOf({ shadow: true, suffix: undefined, schema: undefined, branch: choice.branch });
  if (shadow === undefined) throw new RockyError("internal", "a branch has no schema");
  const pipeline = selectPipeline(env.config, choice.pipeline);
  const { session, targets } = await shadowedTargets(env, pipeline, { ...choice, mode: "write" });
  const found: PromotionTarget[] = [];
  const facts: string[] = [];
  for (const { table, strategy } of targets) {
    const source = shadowTable(shadow, table);
    const columns = await session.describe(source);
    if (columns === undefined) continue;
    if (await session.isView(source)) {
      env.emit({
        level: "warn",
        message: `${displayName(table)} is a view and holds no data: build it with \`rocky run\` after the promotion`,
      });
      continue;
    }
    const name = sqlName(source, session.dialect);
    const rows = await session.scalar(`SELECT COUNT(*) FROM ${name}`);
    facts.push(JSON.stringify([displayName(source), columns, String(rows)]));
    const statement = `CREATE OR REPLACE TABLE ${sqlName(table, session.dialect)} AS\nSELECT * FROM ${name}`;
    found.push({ source, target: table, strategy, statement });
  }
  if (found.length === 0)
    throw new RockyError("unknown_name", `branch '${choice.branch}' holds no table of '${pipeline.name}'`, {
      hint: `fill it first: rocky run --branch ${choice.branch}`,
    });
  return { session, targets: found, stateHash: bytesToHex(blake3(utf8ToBytes(facts.join("\n")))) };
};

/** Replaces all tables, or none. */
export const promote = ({ session, targets }: Promotion): Promise<void> =>
  session.transaction(async () => {
    for (const { target, statement } of targets) {
      const schema = sqlSchemaName(target.catalog, target.schema, session.dialect);
      await session.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await session.execute(statement);
    }
  });
