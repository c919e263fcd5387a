import {
  AssetKey,
  type AssetSpec,
  type AssetsDefinition,
  type Definitions,
  type FreshnessPolicy,
  type MetadataValue,
  type PartitionsDefinition,
} from "@dagster-rocky/dagster";

/** Definitions in the form of the recorded graphs: facets of assets and checks by user text of the key. */
export function describeGraph(definitions: Definitions) {
  const assets: Record<string, unknown> = {};
  const checks: Record<string, unknown> = {};
  const atomic: string[][] = [];
  for (const definition of definitions.assets) {
    if (definition.kind !== "assets") continue;
    const isUnit = definition.launchedTogether ?? !definition.canSubset;
    const shared = isUnit && definition.specs.length + definition.checkSpecs.length > 1;
    if (shared) atomic.push(definition.specs.map((spec) => AssetKey.toUserString(spec.key)).sort());
    for (const spec of definition.specs) {
      assets[AssetKey.toUserString(spec.key)] = describeSpec(spec, definition, shared);
    }
    for (const check of definition.checkSpecs) {
      checks[`${AssetKey.toUserString(check.key.assetKey)}:${check.key.name}`] = {
        blocking: check.blocking,
        has_description: check.description !== undefined,
        partitions: partitions(check.partitionsDef),
      };
    }
  }
  return {
    assets,
    checks,
    ops: definitions.assets.flatMap((item) => (item.kind === "assets" ? [item.opName] : [])).sort(),
    sensors: Object.fromEntries(definitions.sensors.map((one) => [one.name, one.minimumIntervalSeconds])),
    resources: Object.keys(definitions.resources),
    atomic_sets: atomic.sort(),
  };
}

function describeSpec(spec: AssetSpec, definition: AssetsDefinition, shared: boolean) {
  return {
    deps: spec.deps.map((dep) => AssetKey.toUserString(dep.assetKey)).sort(),
    group: spec.groupName,
    kinds: [...spec.kinds].sort(),
    tags: spec.tags,
    metadata: Object.fromEntries(
      Object.entries(spec.metadata).map(([key, value]) => [key, describeMetadata(key, value)]),
    ),
    description: spec.description ?? null,
    partitions: partitions(spec.partitionsDef ?? definition.partitionsDef),
    freshness: freshness(spec.freshnessPolicy),
    op: {
      name: definition.opName,
      atomic: shared,
      code_version: spec.codeVersion ?? null,
      has_automation: spec.automationCondition !== undefined,
      owners: [...spec.owners].sort(),
    },
  };
}

const VOLATILE: Readonly<Record<string, string>> = {
  "rocky/optimize_reasoning": "<text>",
  "rocky/estimated_monthly_savings": "<number>",
};

function describeMetadata(key: string, value: MetadataValue): unknown {
  switch (value.kind) {
    case "text":
      return { type: "Text", value: VOLATILE[key] ?? value.text };
    case "float":
      return { type: "Float", value: VOLATILE[key] ?? value.value };
    case "columnLineage": {
      const columns = Object.entries(value.lineage).map(([column, deps]) => [
        column,
        [...new Set(deps.map((dep) => `${AssetKey.toUserString(dep.assetKey)}:${dep.columnName}`))].sort(),
      ]);
      return { type: "TableColumnLineage", value: Object.fromEntries(columns) };
    }
    default:
      return value;
  }
}

function partitions(definition: PartitionsDefinition | undefined): unknown {
  if (!definition) return null;
  if (definition.kind === "dynamic") return { type: "DynamicPartitionsSnap", name: definition.name };
  if (definition.kind !== "timeWindow") return definition;
  const minute = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  return {
    type: "TimeWindowPartitionsSnap",
    start: minute(definition.start),
    end: definition.end === undefined ? null : minute(definition.end),
    timezone: definition.timezone,
    fmt: definition.fmt,
    end_offset: definition.endOffset,
    cron_schedule: definition.cronSchedule,
    minute_offset: null,
    hour_offset: null,
    day_offset: null,
  };
}

function freshness(policy: FreshnessPolicy | undefined): unknown {
  if (policy?.kind !== "timeWindow") return policy ?? null;
  return {
    type: "TimeWindowFreshnessPolicy",
    fail_window: policy.failWindow,
    warn_window: policy.warnWindow ?? null,
  };
}
