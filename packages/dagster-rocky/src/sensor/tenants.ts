import type { SensorContext } from "@dagster-rocky/dagster";
import type { RockyDagsterTranslator } from "../translator/translator.ts";
import { perTenant, type RequestContext, type SourceRequest, type TriggeredSource } from "./requests.ts";

export interface TenantSettings {
  readonly component: string;
  readonly partitionsName: string;
  readonly syncPartitions: boolean;
}

export interface TenantRequests {
  readonly requests: readonly SourceRequest[];
  /** Sources of tenants without a partition: they are looked at again. */
  readonly postponed: readonly TriggeredSource[];
  readonly addPartitions: readonly string[];
}

/** Requests for tenants' partitions, and the partitions that have to be added first. */
export async function tenantRequests(
  triggered: readonly TriggeredSource[],
  about: RequestContext,
  tenant: TenantSettings,
  translator: RockyDagsterTranslator,
  context: SensorContext,
): Promise<TenantRequests> {
  const existing = new Set(await context.instance.dynamicPartitions(tenant.partitionsName));
  const requests: SourceRequest[] = [];
  const postponed: TriggeredSource[] = [];
  const added = new Set<string>();
  for (const one of triggered) {
    const value = one.source.components[tenant.component];
    if (typeof value !== "string") {
      context.log.warn(
        `Source ${one.source.id} has no single value of "${tenant.component}" and is left out.`,
      );
      continue;
    }
    const partitionKey = translator.getPartitionKey(one.source) ?? value;
    const isNew = !existing.has(partitionKey);
    if (isNew && !tenant.syncPartitions) {
      context.log.warn(
        `Partition ${partitionKey} of ${tenant.partitionsName} does not exist; ${value} waits for it.`,
      );
      postponed.push(one);
      continue;
    }
    const made = perTenant(one, about, { component: tenant.component, value, partitionKey });
    if (isNew && made.length > 0) added.add(partitionKey);
    requests.push(...made);
  }
  return { requests, postponed, addPartitions: [...added] };
}
