"""Partition keys of generated definitions, as the Python host enumerates them.

    python conformance/partitions/peer_keys.py < cases.jsonl > answers.jsonl

A case is one JSON object a line: cron, timezone, start and end (wall texts in `fmt`), fmt, end_offset,
exclusions, now (epoch seconds), limit. The answer holds the keys (ends only when there are many), the window
of a sample of keys, and the keys of a range.
"""

import datetime
import hashlib
import json
import sys

import dagster as dg
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.definitions.partitions.partition_key_range import PartitionKeyRange


def exclusion(item):
    return item if isinstance(item, str) else datetime.datetime.fromisoformat(item["wall"])


def answer(case):
    definition = dg.TimeWindowPartitionsDefinition(
        start=datetime.datetime.fromisoformat(case["start"]),
        end=datetime.datetime.fromisoformat(case["end"]) if case["end"] else None,
        fmt=case["fmt"],
        timezone=case["timezone"],
        end_offset=case["end_offset"],
        cron_schedule=case["cron"],
        exclusions=[exclusion(item) for item in case["exclusions"]] or None,
    )
    now = datetime.datetime.fromtimestamp(case["now"], tz=datetime.timezone.utc)
    with partition_loading_context(now):
        keys = list(definition.get_partition_keys(now))
        sample = [keys[i] for i in case["sample"] if i < len(keys)]
        windows = []
        for key in sample:
            window = definition.time_window_for_partition_key(key)
            windows.append([window.start.timestamp(), window.end.timestamp()])
        ranged = None
        if len(sample) > 1:
            ranged = list(definition.get_partition_keys_in_range(PartitionKeyRange(sample[0], sample[-1])))
    return {
        "start": definition.start_timestamp,
        "end": definition.end_timestamp,
        "count": len(keys),
        "head": keys[:5],
        "tail": keys[-5:],
        "digest": hashlib.sha1("\n".join(keys).encode()).hexdigest(),
        "windows": windows,
        "range": None if ranged is None else hashlib.sha1("\n".join(ranged).encode()).hexdigest(),
    }


for line in sys.stdin:
    case = json.loads(line)
    try:
        result = answer(case)
    except Exception as error:  # the comparison shows which side failed
        result = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(result), flush=True)
