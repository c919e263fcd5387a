"""Upstream partitions that partitions of a downstream asset read, as the Python host maps them.

    python conformance/partitions/peer_mappings.py < cases.jsonl > answers.jsonl

A case is one JSON object a line, as in `mapping-cases.ts`. The answer holds the upstream keys, sorted.
"""

import datetime
import json
import sys
import warnings

warnings.filterwarnings("ignore")

import dagster as dg
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.definitions.partitions.utils.mapping import infer_partition_mapping


def definition(case, instance):
    if case is None:
        return None
    kind = case["kind"]
    if kind == "time":
        return dg.TimeWindowPartitionsDefinition(
            start=datetime.datetime.fromisoformat(case["start"]),
            end=datetime.datetime.fromisoformat(case["end"]) if case["end"] else None,
            fmt=case["fmt"],
            timezone=case["timezone"],
            end_offset=case["end_offset"],
            cron_schedule=case["cron"],
        )
    if kind == "static":
        return dg.StaticPartitionsDefinition(case["keys"])
    if kind == "dynamic":
        instance.add_dynamic_partitions(case["name"], case["keys"])
        return dg.DynamicPartitionsDefinition(name=case["name"])
    return dg.MultiPartitionsDefinition({n: definition(d, instance) for n, d in case["dimensions"].items()})


def mapping(rule):
    if rule is None:
        return None
    kind = rule["kind"]
    if kind == "window":
        return dg.TimeWindowPartitionMapping(rule["start"], rule["end"], rule["lenient"])
    if kind == "specific":
        return dg.SpecificPartitionsPartitionMapping(rule["keys"])
    if kind == "static":
        return dg.StaticPartitionMapping(rule["pairs"])
    if kind == "toSingle":
        return dg.MultiToSingleDimensionPartitionMapping(rule["dimension"])
    if kind == "multi":
        return dg.MultiPartitionMapping(
            {n: dg.DimensionPartitionMapping(d["dimension"], mapping(d["mapping"])) for n, d in rule["dimensions"].items()}
        )
    return {"identity": dg.IdentityPartitionMapping, "all": dg.AllPartitionMapping, "last": dg.LastPartitionMapping}[kind]()


def answer(case, instance):
    upstream, downstream = (definition(case[side], instance) for side in ("upstream", "downstream"))
    chosen = infer_partition_mapping(mapping(case["mapping"]), downstream, upstream)
    now = datetime.datetime.fromtimestamp(case["now"], tz=datetime.timezone.utc)
    with partition_loading_context(now, dynamic_partitions_store=instance):
        subset = None
        if downstream is not None:
            keys = list(downstream.get_partition_keys())
            subset = downstream.subset_with_partition_keys([keys[i] for i in case["sample"] if i < len(keys)])
            chosen.validate_partition_mapping(upstream, downstream)
        result = chosen.get_upstream_mapped_partitions_result_for_partitions(subset, downstream, upstream)
        return {"keys": sorted(result.partitions_subset.get_partition_keys())}


with dg.DagsterInstance.ephemeral() as instance:
    for line in sys.stdin:
        case = json.loads(line)
        try:
            result = answer(case, instance)
        except Exception as error:  # the comparison shows which side failed
            result = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(result), flush=True)
