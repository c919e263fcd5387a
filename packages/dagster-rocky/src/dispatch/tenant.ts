import { type AssetEvent, type AssetExecutionContext, AssetKey, Failure } from "@dagster-rocky/dagster";
import { createKeyIndex } from "../events/key-index.ts";
import { copyTables } from "./copy-tables.ts";
import type { DispatchSettings } from "./compute.ts";
import { openOp, owedAssets } from "./op-runtime.ts";
import type { TenantMember, TenantPlan } from "./plans.ts";

const onePartition = (context: AssetExecutionContext, plan: TenantPlan): string => {
  const { partitionKey } = context;
  if (partitionKey !== undefined) return partitionKey;
  const got = context.partitionKeys.length === 0 ? "none" : `${context.partitionKeys.length} of them`;
  throw new Failure(
    `Op ${plan.opName} copies one tenant per run and needs exactly one partition of ${plan.partitionsName}, got ${got}. ` +
      "Launch one run per partition; a backfill in a single run is not possible here.",
  );
};

/** The tenant's filter, or with `scope_runs_to_selection` one filter for each source of a real part of it. */
const tenantFilters = (
  plan: TenantPlan,
  partition: string,
  members: readonly TenantMember[],
  selected: ReadonlySet<string>,
): readonly string[] => {
  const raw = Object.hasOwn(plan.tenantByPartition, partition)
    ? plan.tenantByPartition[partition]
    : partition;
  const whole = [`${plan.component}=${raw}`];
  if (!plan.scopeRunsToSelection) return whole;
  const wanted = new Set(
    members.filter(({ key }) => selected.has(AssetKey.id(key))).map(({ sourceId }) => sourceId),
  );
  const all = new Set(members.map(({ sourceId }) => sourceId));
  if (wanted.size === 0 || wanted.size === all.size) return whole;
  return [...wanted].toSorted().map((id) => `id=${id}`);
};

/** Copies the selected tables of one tenant. */
export async function* dispatchTenant(
  plan: TenantPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const partition = onePartition(context, plan);
  const owed = owedAssets(context, plan.tables);
  if (owed.length === 0) {
    context.log.warn(
      "Checks of replicated tables are measured while they are copied; select the tables as well",
    );
    return;
  }
  const members = plan.members.filter((member) => member.partitionKey === partition);
  const own = new Map(members.map((member) => [AssetKey.id(member.key), member]));
  const selected = new Set(owed.map(({ key }) => AssetKey.id(key)));
  const contracts = new Map(plan.tables.map(({ key, contract }) => [AssetKey.id(key), contract]));
  yield* copyTables(
    {
      owed,
      index: createKeyIndex(
        members,
        owed.map(({ key }) => key),
        plan.keyByTable,
      ),
      filters: tenantFilters(plan, partition, members, selected),
      widerThanSelection: owed.length < plan.tables.length,
      // Tenants need not all have every table, and nothing is known about a tenant that appeared since the refresh.
      mayBeAbsent: new Set([...selected].filter((id) => !own.has(id))),
      nativeName: (key) => (own.get(AssetKey.id(key))?.nativePath ?? key.path).join("/"),
      contractOf: (key) => contracts.get(AssetKey.id(key)),
      ...(plan.pipeline === undefined ? {} : { pipeline: plan.pipeline }),
      ...(plan.compile === undefined ? {} : { compile: plan.compile }),
    },
    settings,
    context,
    await openOp(context, settings.resourceKey),
  );
}
