import { withoutTenant } from "../../translator/tenant-source.ts";
import type { DiscoveredSource, DiscoveredTable } from "../../translator/inputs.ts";
import type { RockyDagsterTranslator } from "../../translator/translator.ts";
import type { LoadProblems } from "./load-problems.ts";

/** Sources that are the same but for their tenant. */
export interface CollapsedSource {
  /** The first member without its tenant component. */
  readonly representative: DiscoveredSource;
  /** Tables of all members by name; the first one's facts are kept. */
  readonly tables: readonly DiscoveredTable[];
  readonly members: readonly DiscoveredSource[];
}

/** Groups sources by source type and all components but the tenant. Sources without one tenant are left out. */
export function collapse(
  sources: readonly DiscoveredSource[],
  component: string,
  problems: LoadProblems,
): readonly CollapsedSource[] {
  const groups = new Map<string, { members: DiscoveredSource[]; tables: Map<string, DiscoveredTable> }>();
  for (const source of sources) {
    const tenant = source.components[component];
    if (typeof tenant !== "string") {
      const what =
        tenant === undefined ? `has no component "${component}"` : `has several values of "${component}"`;
      problems.add(`Source ${source.id} ${what} and belongs to no tenant; its tables are not shown.`);
      continue;
    }
    const others = Object.entries(source.components).filter(([name]) => name !== component);
    const id = JSON.stringify([source.sourceType, others.sort(([a], [b]) => (a < b ? -1 : 1))]);
    let group = groups.get(id);
    if (!group) {
      group = { members: [], tables: new Map() };
      groups.set(id, group);
    }
    group.members.push(source);
    for (const table of source.tables) if (!group.tables.has(table.name)) group.tables.set(table.name, table);
  }
  return [...groups.values()].flatMap(({ members, tables }) => {
    const [first] = members;
    if (!first) return [];
    return [{ representative: withoutTenant(first, component), tables: [...tables.values()], members }];
  });
}

export interface TenantPartitions {
  keyOf(member: DiscoveredSource): string;
  /** Partition key to tenant. */
  readonly tenantOf: Readonly<Record<string, string>>;
}

/** Partition keys of tenants: the translator's, else the tenant's own name. */
export function tenantPartitions(
  collapsed: readonly CollapsedSource[],
  component: string,
  translator: RockyDagsterTranslator,
  problems: LoadProblems,
): TenantPartitions {
  const tenants = new Map<string, string>();
  const keyOf = (member: DiscoveredSource): string =>
    translator.getPartitionKey(member) ?? String(member.components[component]);
  for (const member of collapsed.flatMap((group) => group.members)) {
    const key = keyOf(member);
    const tenant = String(member.components[component]);
    const known = tenants.get(key);
    if (known === undefined) tenants.set(key, tenant);
    else if (known !== tenant) {
      problems.add(
        `Tenants ${known} and ${tenant} have the same partition key ${key}; its runs are for ${known}. ` +
          `Return different keys from getPartitionKey.`,
      );
    }
  }
  return { keyOf, tenantOf: Object.fromEntries(tenants) };
}
