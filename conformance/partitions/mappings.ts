import {
  cronPartitions,
  dynamicPartitions,
  multiPartitions,
  PartitionMapping,
  partitionKeys,
  staticPartitions,
} from "../../packages/dagster/src/index.ts";
import type {
  PartitionsDefinition,
  SinglePartitionsDefinition,
} from "../../packages/dagster/src/definitions/partitions.ts";
import { upstreamPartitions } from "../../packages/dagster/src/worker/plan/upstream-partitions.ts";
import type { DefinitionCase, MappingCase, MappingRule } from "./mapping-cases.ts";

/** What `peer_mappings.py` says about a case. */
export function mappedKeys(case_: MappingCase): object {
  const dynamic = new Map<string, readonly string[]>();
  const upstream = definition(case_.upstream, dynamic);
  const downstream = case_.downstream === null ? undefined : definition(case_.downstream, dynamic);
  const context = { now: case_.now, dynamicKeys: (name: string) => dynamic.get(name) ?? [] };
  const all = downstream === undefined ? undefined : partitionKeys(downstream, context);
  const keys = all === undefined ? undefined : [...new Set(case_.sample.flatMap((i) => all[i] ?? []))];
  const mapping = case_.mapping === null ? undefined : rule(case_.mapping);
  return { keys: upstreamPartitions({ mapping, upstream, downstream, keys }, context).toSorted() };
}

function definition(case_: DefinitionCase, dynamic: Map<string, readonly string[]>): PartitionsDefinition {
  if (case_.kind !== "multi") return single(case_, dynamic);
  const dimensions = Object.entries(case_.dimensions).map(([name, dimension]) => [
    name,
    definition(dimension, dynamic) as SinglePartitionsDefinition,
  ]);
  return multiPartitions(Object.fromEntries(dimensions));
}

function single(
  case_: Exclude<DefinitionCase, { kind: "multi" }>,
  dynamic: Map<string, readonly string[]>,
): SinglePartitionsDefinition {
  switch (case_.kind) {
    case "static":
      return staticPartitions(case_.keys);
    case "dynamic":
      dynamic.set(case_.name, case_.keys);
      return dynamicPartitions(case_.name);
    case "time":
      return cronPartitions({
        cron: case_.cron,
        timezone: case_.timezone,
        start: case_.start,
        ...(case_.end === null ? {} : { end: case_.end }),
        format: case_.fmt,
        endOffset: case_.end_offset,
      });
    default:
      return case_ satisfies never;
  }
}

function rule(case_: MappingRule): PartitionMapping {
  switch (case_.kind) {
    case "identity":
    case "all":
    case "last":
      return PartitionMapping[case_.kind]();
    case "window":
      return PartitionMapping.timeWindow({
        startOffset: case_.start,
        endOffset: case_.end,
        allowNonexistentUpstream: case_.lenient,
      });
    case "specific":
      return PartitionMapping.specific(...case_.keys);
    case "static":
      return PartitionMapping.static(case_.pairs);
    case "toSingle":
      return PartitionMapping.multiToSingle(case_.dimension ?? undefined);
    case "multi":
      return PartitionMapping.multi(
        Object.fromEntries(
          Object.entries(case_.dimensions).map(([name, { dimension, mapping }]) => [
            name,
            { dimension, mapping: rule(mapping) },
          ]),
        ),
      );
    default:
      return case_ satisfies never;
  }
}
