import { type AssetEvent, type AssetExecutionContext, AssetKey } from "@dagster-rocky/dagster";
import { createKeyIndex } from "../events/key-index.ts";
import type { Ledger } from "../events/ledger.ts";
import { runProblems } from "../events/verdict.ts";
import { copyTables } from "./copy-tables.ts";
import type { DispatchSettings } from "./compute.ts";
import { openOp, owedAssets } from "./op-runtime.ts";
import type { SourceGroupPlan } from "./plans.ts";

/** All sources of the group: its own filter. Some of them: one filter each, by id, in order. */
const groupFilters = (plan: SourceGroupPlan, selected: ReadonlySet<string>): readonly string[] => {
  const ids = (tables: SourceGroupPlan["tables"]): readonly string[] => [
    ...new Set(tables.map(({ sourceId }) => sourceId)),
  ];
  const all = ids(plan.tables);
  const wanted = ids(plan.tables.filter(({ key }) => selected.has(AssetKey.id(key))));
  if (wanted.length === all.length && plan.groupFilter !== undefined) return [plan.groupFilter];
  return wanted.toSorted().map((id) => `id=${id}`);
};

/**
 * A group filter names what the first source of the group has. A translator may have put sources into the
 * group that it does not match; they are copied by id.
 */
const unreachedSources = (tables: SourceGroupPlan["tables"], ledger: Ledger): readonly string[] => {
  if (ledger.runs.some((run) => runProblems(run).length > 0 || run.status === "SkippedIdempotent")) return [];
  const reached = new Set(
    tables.filter(({ key }) => ledger.outcomeOf(key) !== undefined).map(({ sourceId }) => sourceId),
  );
  const wanted = new Set(tables.map(({ sourceId }) => sourceId));
  return [...wanted]
    .filter((id) => !reached.has(id))
    .toSorted()
    .map((id) => `id=${id}`);
};

/** Copies the selected tables of one group. */
export async function* dispatchSourceGroup(
  plan: SourceGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const owed = owedAssets(context, plan.tables);
  if (owed.length === 0) {
    context.log.warn(
      "Checks of replicated tables are measured while they are copied; select the tables as well",
    );
    return;
  }
  const tables = new Map(plan.tables.map((table) => [AssetKey.id(table.key), table]));
  const selected = new Set(owed.map(({ key }) => AssetKey.id(key)));
  const filters = groupFilters(plan, selected);
  const byGroup = filters.length === 1 && filters[0] === plan.groupFilter;
  yield* copyTables(
    {
      owed,
      index: createKeyIndex(
        plan.tables,
        owed.map(({ key }) => key),
      ),
      filters,
      ...(byGroup
        ? {
            unreached: (ledger: Ledger) =>
              unreachedSources(
                plan.tables.filter(({ key }) => selected.has(AssetKey.id(key))),
                ledger,
              ),
          }
        : {}),
      widerThanSelection: owed.length < plan.tables.length,
      mayBeAbsent: new Set(),
      nativeName: (key) => (tables.get(AssetKey.id(key))?.nativePath ?? key.path).join("/"),
      contractOf: (key) => tables.get(AssetKey.id(key))?.contract,
      ...(plan.pipeline === undefined ? {} : { pipeline: plan.pipeline }),
      ...(plan.compile === undefined ? {} : { compile: plan.compile }),
    },
    settings,
    context,
    await openOp(context, settings.resourceKey),
  );
}
