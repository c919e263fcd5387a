import type { ReplicationPipeline } from "../../config/index.ts";
import { assertionName } from "../checks/assertion-sql.ts";
import type { DiscoveredSource } from "./discover.ts";

export interface ConfiguredCheck {
  readonly name: string;
  readonly kind: "assertion" | "cross_source_overlap" | "custom" | "null_rate";
  /** True when only a run can tell whether the check exists, because it needs several sources. */
  readonly candidate?: true;
}

const byName = (left: ConfiguredCheck, right: ConfiguredCheck): number =>
  left.name < right.name ? -1 : left.name > right.name ? 1 : 0;

const overlapNames = (sources: readonly DiscoveredSource[]): ReadonlyMap<string, readonly string[]> => {
  const seen = new Map<string, number>();
  for (const { sourceType, tables } of sources) {
    for (const table of tables)
      seen.set(`${sourceType}.${table}`, (seen.get(`${sourceType}.${table}`) ?? 0) + 1);
  }
  const names = new Map<string, string[]>();
  for (const [key, count] of seen) {
    if (count < 2) continue;
    const table = key.slice(key.indexOf(".") + 1);
    names.set(table, [...(names.get(table) ?? []), `cross_source_overlap:${key}`]);
  }
  return names;
};

/** The checks that runs will report, by table name, beside those that every consumer knows. */
export const configuredChecks = (
  pipeline: ReplicationPipeline,
  sources: readonly DiscoveredSource[],
): Readonly<Record<string, readonly ConfiguredCheck[]>> => {
  const { custom, assertions, nullRate, crossSourceOverlap } = pipeline.checks;
  const overlaps =
    crossSourceOverlap === undefined ? new Map<string, readonly string[]>() : overlapNames(sources);
  const byTable = new Map<string, (typeof assertions)[number][]>();
  for (const assertion of assertions)
    byTable.set(assertion.table, [...(byTable.get(assertion.table) ?? []), assertion]);
  const everywhere: readonly ConfiguredCheck[] = [
    ...custom.map(({ name }): ConfiguredCheck => ({ name, kind: "custom" })),
    ...(nullRate?.columns ?? []).map(
      (column): ConfiguredCheck => ({ name: `null_rate:${column}`, kind: "null_rate" }),
    ),
  ];
  const result: Record<string, readonly ConfiguredCheck[]> = {};
  for (const table of [...new Set(sources.flatMap((source) => source.tables))].sort()) {
    const checks: ConfiguredCheck[] = [
      ...everywhere,
      ...(byTable.get(table) ?? []).map(
        (one): ConfiguredCheck => ({ name: assertionName(one), kind: "assertion" }),
      ),
      ...(overlaps.get(table) ?? []).map(
        (name): ConfiguredCheck => ({ name, kind: "cross_source_overlap", candidate: true }),
      ),
    ];
    if (checks.length > 0) result[table] = checks.sort(byName);
  }
  return result;
};
