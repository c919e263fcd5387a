import type { StateDatabase, Transaction } from "./database.ts";

/** What a model's table was last built from. */
export interface ModelBuild {
  readonly target: string;
  readonly sqlHash: string;
  /** By the name of each input: a run id for a model, a watermark or a row count for a source. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly runId: string;
}

export const findBuild = async (state: StateDatabase, model: string): Promise<ModelBuild | undefined> => {
  const [row] = await state.all(
    "SELECT target, sql_hash, inputs, run_id FROM model_builds WHERE model = ?",
    model,
  );
  if (row === undefined) return undefined;
  return {
    target: String(row[0]),
    sqlHash: String(row[1]),
    inputs: JSON.parse(String(row[2])) as Readonly<Record<string, string>>,
    runId: String(row[3]),
  };
};

export const putBuild = (state: StateDatabase, model: string, build: ModelBuild): Promise<void> =>
  state.write((transaction) =>
    transaction.run(
      "INSERT OR REPLACE INTO model_builds VALUES (?, ?, ?, ?, ?)",
      model,
      build.target,
      build.sqlHash,
      JSON.stringify(build.inputs),
      build.runId,
    ),
  );

/** Before models are built: whatever becomes of the run, what was known of their tables is no longer true. */
export const forgetBuilds = async (state: StateDatabase, models: Iterable<string>): Promise<void> => {
  if ((await state.all("SELECT 1 FROM model_builds LIMIT 1")).length === 0) return;
  await state.write((transaction) => {
    for (const model of models) transaction.run("DELETE FROM model_builds WHERE model = ?", model);
  });
};

/** The same for tables (`catalog.schema.table`) that something else than their models has written. */
export const forgetBuildsOf = (transaction: Transaction, targets: Iterable<string>): void => {
  for (const target of targets) transaction.run("DELETE FROM model_builds WHERE target = ?", target);
};
