import {
  AssetKey,
  type AssetCheckSpec,
  type AssetSpec,
  type AssetsDefinition,
  type DynamicPartitionsDefinition,
} from "@dagster-rocky/dagster";
import type { TenantMember, TenantTable } from "../../dispatch/plans.ts";
import type { DiscoveredSource } from "../../translator/inputs.ts";
import type { TenantOptions } from "../options.ts";
import { assetsDefinition, type BuildContext } from "./build-context.ts";
import { cachedCompile } from "./cached-compile.ts";
import { tableChecks } from "./check-specs.ts";
import { opName } from "./names.ts";
import { nativePath, sourceSpecs } from "./source-spec.ts";
import { collapse, type CollapsedSource, tenantPartitions } from "./tenant-collapse.ts";

/** Sources that differ only in their tenant as one set of assets, partitioned by tenant: one op for all. */
export function tenantGroups(context: BuildContext, tenant: TenantOptions): readonly AssetsDefinition[] {
  const { problems, options } = context;
  const partitionsDef: DynamicPartitionsDefinition = { kind: "dynamic", name: tenant.partitionsName };
  const collapsed = collapse(context.state.discover.sources, tenant.component, problems);
  const partitions = tenantPartitions(collapsed, tenant.component, options.translator, problems);
  const specOf = sourceSpecs(context);
  const checksOf = tableChecks(context, partitionsDef);

  const specs: AssetSpec[] = [];
  const checkSpecs: AssetCheckSpec[] = [];
  const tables: TenantTable[] = [];
  const members: TenantMember[] = [];
  const taken = new Set<string>();

  for (const group of collapsed) {
    const name = options.translator.getGroupName(group.representative);
    const keyOf = new Map<string, AssetKey>();
    for (const table of group.tables) {
      const spec = tenantSpec(specOf(group.representative, table, name), partitionsDef);
      const id = AssetKey.id(spec.key);
      keyOf.set(table.name, spec.key);
      if (taken.has(id)) {
        problems.add(
          `Table ${table.name} of ${describe(group)} has the key of another table ` +
            `(${AssetKey.toUserString(spec.key)}) and is not shown. Give one of them another key in the translator.`,
          spec.key,
        );
        continue;
      }
      taken.add(id);
      const checks = checksOf(spec.key, table.name, group.representative.sourceType);
      specs.push(spec);
      for (const check of checks.specs) checkSpecs.push(check);
      tables.push({
        key: spec.key,
        table: table.name,
        checks: checks.declared,
        ...(checks.contract ? { contract: checks.contract } : {}),
      });
    }
    addMembers(members, group, keyOf, partitions.keyOf);
  }
  if (specs.length === 0) return [];

  const compile = cachedCompile(context.state.compile);
  const pipelines = new Set(collapsed.flatMap((group) => group.members.map((member) => member.pipeline)));
  const pipeline = pipelines.size === 1 ? [...pipelines][0] : undefined;
  const plan = {
    kind: "tenant",
    opName: opName("rocky_tenant", tenant.partitionsName),
    component: tenant.component,
    partitionsName: tenant.partitionsName,
    scopeRunsToSelection: tenant.scopeRunsToSelection,
    ...(pipeline === undefined ? {} : { pipeline }),
    tables,
    members,
    tenantByPartition: partitions.tenantOf,
    keyByTable: unambiguous(tables, problems),
    ...(compile ? { compile } : {}),
  } as const;
  return [
    assetsDefinition(context, () => plan, {
      opName: plan.opName,
      specs,
      checkSpecs,
      canSubset: true,
      tagged: true,
      partitionsDef,
    }),
  ];
}

/** What one tenant's source says of itself is not true of all of them. */
const OF_ONE_TENANT = ["source_id", "last_sync_at", "row_count", "dagster-rocky/source_id"];

function tenantSpec(spec: AssetSpec, partitionsDef: DynamicPartitionsDefinition): AssetSpec {
  const metadata = { ...spec.metadata };
  for (const key of OF_ONE_TENANT) delete metadata[key];
  return { ...spec, metadata, partitionsDef };
}

function addMembers(
  members: TenantMember[],
  group: CollapsedSource,
  keyOf: ReadonlyMap<string, AssetKey>,
  partitionKeyOf: (member: DiscoveredSource) => string,
): void {
  for (const member of group.members) {
    const partitionKey = partitionKeyOf(member);
    for (const table of member.tables) {
      const key = keyOf.get(table.name);
      if (!key) continue;
      members.push({ partitionKey, sourceId: member.id, nativePath: nativePath(member, table.name), key });
    }
  }
}

/** A tenant that the state does not know yet is recognised by its table names, where these name one asset. */
function unambiguous(
  tables: readonly TenantTable[],
  problems: BuildContext["problems"],
): Readonly<Record<string, AssetKey>> {
  const keys = new Map<string, AssetKey | undefined>();
  for (const { table, key } of tables) keys.set(table, keys.has(table) ? undefined : key);
  const doubtful = [...keys].filter(([, key]) => key === undefined).map(([table]) => table);
  if (doubtful.length > 0) {
    problems.add(
      `Tables ${doubtful.join(", ")} exist in several sources of one tenant: results of tenants that joined ` +
        `after the last refresh cannot be told apart by table name. Refresh the state when tenants join.`,
    );
  }
  return Object.fromEntries([...keys].filter((entry): entry is [string, AssetKey] => entry[1] !== undefined));
}

const describe = ({ representative }: CollapsedSource): string =>
  `${representative.sourceType} source ${representative.id}`;
