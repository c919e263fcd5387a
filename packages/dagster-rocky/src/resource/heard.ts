import type { EngineEvent } from "./transport.ts";

/** How a table's row count compares with earlier runs, when the engine looked and found nothing unusual. */
export interface AnomalyCheck {
  readonly table: string;
  readonly status: string;
}

/** Facts of a run that its output leaves out and its log names. */
export interface HeardFacts {
  /** The engine's own id of the run. */
  readonly runId?: string;
  /** Rows by asset key (segments joined with slashes), with the partition's key after `@` where there is one. */
  readonly rows: ReadonlyMap<string, number>;
  readonly anomalyChecks: readonly AnomalyCheck[];
}

/** How `rows` names a table or model, or one partition of it. */
export const rowsKey = (assetKey: readonly string[], partition?: string): string =>
  assetKey.join("/") + (partition === undefined ? "" : `@${partition}`);

type Fields = NonNullable<EngineEvent["fields"]>;

const textOf = (value: Fields[string] | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

const anomalyCheck = ({ table, is_anomaly, samples, needed }: Fields): AnomalyCheck | undefined => {
  if (typeof table !== "string" || is_anomaly !== false) return undefined;
  const isKnown = typeof samples !== "number" || typeof needed !== "number" || samples >= needed;
  return {
    table,
    status: isKnown
      ? "no anomaly: the row count lies within its usual range"
      : `no anomaly: what is usual shows after ${needed} runs, this is run ${samples + 1}`,
  };
};

/** Collects facts from what an engine says while it works. */
export const createHearing = () => {
  let runId: string | undefined;
  const rows = new Map<string, number>();
  const anomalyChecks: AnomalyCheck[] = [];
  return {
    hear({ fields }: EngineEvent): void {
      if (fields === undefined) return;
      runId = textOf(fields.run_id) ?? runId;
      const assetKey = textOf(fields.asset_key);
      const isFinished = textOf(fields.event)?.endsWith("_finished") ?? false;
      if (assetKey !== undefined && isFinished && typeof fields.rows === "number")
        rows.set(rowsKey([assetKey], textOf(fields.partition)), fields.rows);
      const check = fields.event === "anomaly_checked" ? anomalyCheck(fields) : undefined;
      if (check !== undefined) anomalyChecks.push(check);
    },
    facts: (): HeardFacts => ({ rows, anomalyChecks, ...(runId === undefined ? {} : { runId }) }),
  };
};
