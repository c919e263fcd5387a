import { AssetCheckKey, type AssetEvent, AssetKey, type StepLogger } from "@dagster-rocky/dagster";
import { ANOMALY_CHECK, checkName } from "../checks/names.ts";
import type { DeclaredCheck } from "../dispatch/plans.ts";
import type { ContainedModel, EngineCheck, RunOutput, TableError } from "../resource/outputs/run.ts";
import type { RunReport } from "../resource/plan-then-apply.ts";
import { declaredCheckResult, undeclaredCheckObservation } from "./check-results.ts";
import type { KeyIndex } from "./key-index.ts";
import { materialized } from "./materialization.ts";
import {
  anomalyAbsence,
  anomalyEvaluationResult,
  anomalyResult,
  containedObservation,
  driftObservation,
} from "./observations.ts";

/** One selected asset with the checks that this execution owes. */
export interface OwedAsset {
  readonly key: AssetKey;
  readonly checks: readonly DeclaredCheck[];
  /** Declared checks that this execution was not asked for. */
  readonly unasked: readonly string[];
}

/** Why a selected asset was not written, as the engine gave it. */
export type AssetOutcome =
  | { readonly kind: "materialized" }
  | { readonly kind: "failed"; readonly error: TableError }
  | { readonly kind: "contained"; readonly contained: ContainedModel }
  /** The engine proved that the source has nothing new. */
  | { readonly kind: "unchanged" }
  /** The engine left it out, with its reason. */
  | { readonly kind: "excluded"; readonly reason: string };

const UNCHANGED = "unchanged_since_last_copy";
export const QUOTA = "quota-exceeded";

/** Everything that the engine calls of one op execution said so far. Mutable, private to the execution. */
export interface Ledger {
  readonly runs: readonly RunOutput[];
  readonly outcomes: ReadonlyMap<string, AssetOutcome>;
  /** Errors that the engine did not attribute to a selected asset. */
  readonly otherErrors: readonly TableError[];
  /** Failing checks that no selected asset shows. */
  readonly hiddenFailures: readonly string[];
  /** True once a failing check of the engine was shown as a check result. */
  readonly failingCheckShown: boolean;
  /** Which asset shows the result of a check over several sources. */
  readonly carriers: ReadonlyMap<string, AssetKey>;
  outcomeOf(key: AssetKey): AssetOutcome | undefined;
  hasResult(key: AssetKey, check: string): boolean;
  /** Notes that a check result was given elsewhere, so that no placeholder follows. */
  settle(key: AssetKey, check: string): void;
  /** The events of one finished engine call. */
  take(report: RunReport): readonly AssetEvent[];
}

export const createLedger = (owed: readonly OwedAsset[], index: KeyIndex, log: StepLogger): Ledger => {
  const selected = new Map(owed.map((asset) => [AssetKey.id(asset.key), asset]));
  const declared = new Set(
    owed.flatMap(({ key, checks }) =>
      checks.map(({ name }) => AssetCheckKey.id(AssetCheckKey.of(key, name))),
    ),
  );
  const runs: RunOutput[] = [];
  const outcomes = new Map<string, AssetOutcome>();
  const otherErrors: TableError[] = [];
  const hiddenFailures: string[] = [];
  const carriers = new Map<string, AssetKey>();
  const given = new Set<string>();
  let failingCheckShown = false;

  const isSelected = (key: AssetKey): boolean => selected.has(AssetKey.id(key));
  const checkId = (key: AssetKey, name: string): string => AssetCheckKey.id(AssetCheckKey.of(key, name));
  const shown = (key: AssetKey): string => AssetKey.toUserString(key);

  /** A later call may write what an earlier one left out, never the other way round. */
  const note = (key: AssetKey, outcome: AssetOutcome): void => {
    const id = AssetKey.id(key);
    if (!isSelected(key) || outcomes.get(id)?.kind === "materialized") return;
    if (outcome.kind === "materialized" || !outcomes.has(id)) outcomes.set(id, outcome);
  };

  const named = (name: string, suffix: string | undefined): AssetKey | undefined => {
    const found = index.ofName(name, suffix);
    if (found === "ambiguous") {
      log.warn(
        `The engine speaks of ${name}, which may be several of the selected assets; this is not shown on any`,
      );
      return undefined;
    }
    return found !== undefined && isSelected(found) ? found : undefined;
  };

  const materializations = ({ run, ...rest }: RunReport): AssetEvent[] => {
    const events: AssetEvent[] = [];
    for (const entry of run.materializations) {
      const key = index.ofPath(entry.assetKey, rest.shadowSuffix);
      if (key === undefined || !isSelected(key)) continue;
      if (outcomes.get(AssetKey.id(key))?.kind === "materialized") {
        log.warn(`The engine reported ${shown(key)} more than once; the first report counts`);
        continue;
      }
      note(key, { kind: "materialized" });
      events.push(materialized(key, entry, { run, ...rest }));
    }
    return events;
  };

  const failures = (run: RunOutput, suffix: string | undefined): void => {
    for (const error of run.errors) {
      const key = index.ofPath(error.assetKey, suffix);
      if (key !== undefined && isSelected(key)) {
        note(key, { kind: "failed", error });
        log.error(`${shown(key)}: ${error.error}`);
      } else {
        // Whether this fails the step is for the verdict to say.
        otherErrors.push(error);
        log.warn(`${error.assetKey.join("/") || "rocky"}: ${error.error}`);
      }
    }
    for (const table of run.excludedTables) {
      const key = index.ofPath(table.assetKey, suffix);
      if (key === undefined) continue;
      note(
        key,
        table.reason === UNCHANGED ? { kind: "unchanged" } : { kind: "excluded", reason: table.reason },
      );
    }
  };

  const oneCheck = (key: AssetKey, check: EngineCheck): AssetEvent | undefined => {
    const name = checkName(check.name);
    const id = checkId(key, name);
    if (!isSelected(key)) {
      if (!check.passed) {
        hiddenFailures.push(`${shown(key)}: ${check.name}`);
        log.warn(`Check ${check.name} failed on ${shown(key)}, which is not selected`);
      }
      return undefined;
    }
    carriers.set(name, key);
    // A check of a table that was not written says nothing good about it.
    if (check.passed && outcomes.get(AssetKey.id(key))?.kind !== "materialized") return undefined;
    if (given.has(id)) return undefined;
    given.add(id);
    if (!declared.has(id) && !selected.get(AssetKey.id(key))?.unasked.includes(name)) {
      log.warn(`The engine ran the check ${check.name} on ${shown(key)}, which does not declare it`);
      if (!check.passed) hiddenFailures.push(`${shown(key)}: ${check.name}`);
      return undeclaredCheckObservation(key, name, check);
    }
    failingCheckShown ||= !check.passed;
    if (selected.get(AssetKey.id(key))?.unasked.includes(name)) return undefined;
    return declaredCheckResult(key, name, check);
  };

  const checks = (run: RunOutput, suffix: string | undefined): AssetEvent[] =>
    run.checkResults.flatMap(({ assetKey, checks }) => {
      const key = index.ofPath(assetKey, suffix);
      if (key === undefined) return [];
      return checks.map((check) => oneCheck(key, check)).filter((event) => event !== undefined);
    });

  const drifts = (run: RunOutput, suffix: string | undefined): AssetEvent[] =>
    run.drift.actionsTaken.flatMap((action) => {
      const key = named(action.table, suffix);
      return key === undefined ? [] : [driftObservation(key, run.drift, action)];
    });

  const anomalies = ({ run, heard }: RunReport, suffix: string | undefined): AssetEvent[] => {
    const events: AssetEvent[] = [];
    const add = (key: AssetKey | undefined, event: (key: AssetKey) => AssetEvent): void => {
      if (key === undefined) return;
      const id = checkId(key, ANOMALY_CHECK);
      if (given.has(id) || !declared.has(id)) return;
      given.add(id);
      events.push(event(key));
    };
    for (const anomaly of run.anomalies)
      add(named(anomaly.table, suffix), (key) => anomalyResult(key, anomaly));
    for (const evaluation of run.anomalyEvaluated)
      add(named(evaluation.table, suffix), (key) => anomalyEvaluationResult(key, evaluation));
    for (const { table, status } of heard?.anomalyChecks ?? [])
      add(named(table, suffix), (key) => anomalyAbsence(key, status));
    return events;
  };

  const containments = (run: RunOutput, suffix: string | undefined): AssetEvent[] =>
    run.contained.flatMap((contained) => {
      const key = named(contained.model, suffix);
      if (key === undefined) return [];
      note(key, { kind: "contained", contained });
      return [containedObservation(key, contained)];
    });

  return {
    runs,
    outcomes,
    otherErrors,
    hiddenFailures,
    carriers,
    get failingCheckShown() {
      return failingCheckShown;
    },
    outcomeOf: (key) => outcomes.get(AssetKey.id(key)),
    hasResult: (key, check) => given.has(checkId(key, check)),
    settle: (key, check) => void given.add(checkId(key, check)),
    take(report) {
      const { run, shadowSuffix } = report;
      runs.push(run);
      const written = materializations(report);
      failures(run, shadowSuffix);
      const blocked = containments(run, shadowSuffix);
      return [
        ...written,
        ...checks(run, shadowSuffix),
        ...drifts(run, shadowSuffix),
        ...anomalies(report, shadowSuffix),
        ...blocked,
      ];
    },
  };
};
