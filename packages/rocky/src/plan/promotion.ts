import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Session } from "../adapters/adapter.ts";
import { displayName, sqlName, sqlSchemaName, type TableRef } from "../adapters/table-ref.ts";
import { RockyError } from "../errors.ts";
import type { RunEnvironment } from "../run/environment.ts";
import { newestIn } from "../run/replication/copy-table.ts";
import { EPOCH } from "../run/replication/watermark.ts";
import { selectPipeline } from "../run/project.ts";
import { shadowOf } from "../run/shadow.ts";
import { type ShadowedTarget, shadowedTargets, shadowTable } from "../run/shadow-targets.ts";
import type { StateDatabase } from "../state/database.ts";
import { forgetBuildsOf } from "../state/model-builds.ts";
import { putProgress, settleTable } from "../state/progress.ts";
import { putWatermark } from "../state/watermarks.ts";

/** One table that a promotion replaces by that of a branch. */
export interface PromotionTarget {
  readonly source: TableRef;
  readonly target: TableRef;
  readonly strategy: string;
  readonly statement: string;
  /** Set for a copied table: how far the branch's copy has come. */
  readonly watermark?: string;
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

/** A branch has one schema, so tables of one name share their place there; whose it is only a filter can say. */
const refuseShared = (branch: string, found: readonly PromotionTarget[]): void => {
  const taken = new Map<string, PromotionTarget>();
  for (const one of found) {
    const name = displayName(one.source).toLowerCase();
    const other = taken.get(name);
    if (other !== undefined)
      throw new RockyError(
        "usage",
        `'${displayName(one.source)}' could replace both '${displayName(other.target)}' and '${displayName(one.target)}'`,
        { hint: `choose with --filter the sources that branch '${branch}' was filled from` },
      );
    taken.set(name, one);
  }
};

const watermarkOf = async (
  session: Session,
  source: TableRef,
  { policy }: ShadowedTarget,
): Promise<Pick<PromotionTarget, "watermark">> => {
  if (policy === undefined) return {};
  if (policy.strategy !== "incremental") return { watermark: new Date().toISOString() };
  const name = sqlName(source, session.dialect);
  return { watermark: (await newestIn(session, name, policy.timestampColumn, session.dialect)) ?? EPOCH };
};

/** What the tables of a branch would replace, and how. Throws when the branch holds none. */
export const findPromotion = async (env: RunEnvironment, choice: PromotionChoice): Promise<Promotion> => {
  const shadow = shadowOf({ shadow: true, suffix: undefined, schema: undefined, branch: choice.branch });
  if (shadow === undefined) throw new RockyError("internal", "a branch has no schema");
  const pipeline = selectPipeline(env.config, choice.pipeline);
  const { session, targets } = await shadowedTargets(env, pipeline, { ...choice, mode: "write" });
  const found: PromotionTarget[] = [];
  const facts: string[] = [];
  for (const shadowed of targets) {
    const { table, strategy } = shadowed;
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
    const watermark = await watermarkOf(session, source, shadowed);
    found.push({ source, target: table, strategy, statement, ...watermark });
  }
  if (found.length === 0)
    throw new RockyError("unknown_name", `branch '${choice.branch}' holds no table of '${pipeline.name}'`, {
      hint: `fill it first: rocky run --branch ${choice.branch}`,
    });
  refuseShared(choice.branch, found);
  return { session, targets: found, stateHash: bytesToHex(blake3(utf8ToBytes(facts.join("\n")))) };
};

/** In the book of copies, in place of a run's id. */
const PROMOTION = "promotion";

/**
 * Replaces all tables, or none. What the store knows of the old tables is not true of the new ones: the next copy of a
 * table goes on where the branch's copy ended, also when the process is killed before it could say so.
 */
export const promote = async ({ session, targets }: Promotion, state: StateDatabase): Promise<void> => {
  const copied = targets.flatMap(({ target, watermark }) =>
    watermark === undefined ? [] : [{ name: displayName(target), watermark }],
  );
  await state.write((transaction) => {
    for (const { name } of copied) putProgress(transaction, PROMOTION, name, "running");
    forgetBuildsOf(
      transaction,
      targets.map(({ target }) => displayName(target)),
    );
  });
  await session.transaction(async () => {
    for (const { target, statement } of targets) {
      const schema = sqlSchemaName(target.catalog, target.schema, session.dialect);
      await session.execute(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await session.execute(statement);
    }
  });
  await state.write((transaction) => {
    for (const { name, watermark } of copied) {
      settleTable(transaction, name);
      putWatermark(transaction, name, watermark);
    }
  });
};
