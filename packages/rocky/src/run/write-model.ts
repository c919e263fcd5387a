import type { Session } from "../adapters/adapter.ts";
import { checkTarget, displayName, sqlSchemaName, tableRef } from "../adapters/table-ref.ts";
import type { CompiledModel } from "../compile/index.ts";
import type { Model } from "../models/index.ts";
import { appendOnce } from "./append-once.ts";
import type { RunEnvironment } from "./environment.ts";
import { runEvents } from "./events.ts";
import type { PartitionBatch } from "./partitions/plan.ts";
import { explainWrite } from "./strategies/explain-write.ts";
import { type ModelWrite, materialize } from "./strategies/materialize.ts";

/** What writing a model needs to know of its run. */
export interface ModelWriting {
  readonly env: RunEnvironment;
  readonly session: Session;
  readonly runId: string;
  /** What the run is a part of, when it is one of many. */
  readonly work: string | undefined;
  readonly createSchemas: boolean;
}

/** Creates the schema of a model's table once a run, when the pipeline says so. */
export const ensureSchema = async (phase: ModelWriting, model: Model, made: Set<string>): Promise<void> => {
  const { catalog, schema } = checkTarget(model.target);
  const name = sqlSchemaName(catalog, schema, phase.session.dialect);
  if (!phase.createSchemas || model.strategy.type === "ephemeral" || made.has(name)) return;
  try {
    await phase.session.execute(`CREATE SCHEMA IF NOT EXISTS ${name}`);
  } catch (error) {
    throw await explainWrite(phase.session, phase.session.dialect, model.target, error);
  }
  made.add(name);
};

/** An append that goes by what its own table holds may be made again; any other one doubles its rows. */
const appendsAll = ({ strategy, target: { schema, table } }: Model, { sql }: CompiledModel): boolean =>
  (strategy.type === "incremental" || strategy.type === "microbatch") &&
  !sql.toLowerCase().includes(`${schema}.${table}`.toLowerCase());

const appendModel = async (
  { env, session, runId, work }: ModelWriting,
  { ref }: ModelWrite,
  sqlHash: string,
  append: () => Promise<number>,
): Promise<number> => {
  const context = {
    connection: session,
    dialect: session.dialect,
    state: await env.state("write"),
    work: work ?? runId,
  };
  const { rows, before } = await appendOnce(context, ref, { file: "", stamp: sqlHash }, append);
  if (before) {
    const message = `the rows of ${displayName(ref)} were appended by a run that was killed; they are not appended again`;
    runEvents(env.emit).warn(message, { event: "append_recovered", table: displayName(ref), rows });
  }
  return rows;
};

/** Writes a model, or one batch of its partitions, to its table; answers the rows written. */
export const writeModel = async (
  phase: ModelWriting,
  model: Model,
  compiled: CompiledModel,
  batch?: PartitionBatch,
): Promise<number> => {
  const { session } = phase;
  const ref = tableRef(model.target.catalog, model.target.schema, model.target.table);
  const write: ModelWrite = {
    ref,
    query: compiled.sql,
    strategy: model.strategy,
    columns: compiled.columnsComplete ? compiled.columns.map((column) => column.name) : undefined,
    ...(batch === undefined ? {} : { window: batch }),
  };
  const written = async (): Promise<number> => {
    try {
      return await materialize({ connection: session, dialect: session.dialect }, write);
    } catch (error) {
      throw await explainWrite(session, session.dialect, ref, error);
    }
  };
  return appendsAll(model, compiled) ? appendModel(phase, write, compiled.sqlHash, written) : written();
};
