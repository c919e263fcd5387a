import dagster as dg

from .plain import made_asset


def mappings():
    daily = dg.DailyPartitionsDefinition("2026-01-01")
    letters = dg.StaticPartitionsDefinition(["a", "b", "c"])
    multi = dg.MultiPartitionsDefinition({"day": daily, "letter": letters})
    single = {
        "identity": dg.IdentityPartitionMapping(),
        "all": dg.AllPartitionMapping(),
        "last": dg.LastPartitionMapping(),
        "specific": dg.SpecificPartitionsPartitionMapping(["2026-01-01", "2026-01-02"]),
        "window": dg.TimeWindowPartitionMapping(
            start_offset=-3, end_offset=1, allow_nonexistent_upstream_partitions=True
        ),
    }
    within = {**single, "static": dg.StaticPartitionMapping({"a": "b", "b": ["a", "c"]})}

    def mapped(name, partitions, upstream, mapping):
        return made_asset(name, partitions_def=partitions, deps=[dg.AssetDep(upstream, partition_mapping=mapping)])

    def inside(name, mapping):
        dimensions = {
            other: dg.DimensionPartitionMapping(other, mapping if own else dg.IdentityPartitionMapping())
            for other, own in (("day", name != "static"), ("letter", name == "static"))
        }
        return mapped(f"within_{name}", multi, "multi", dg.MultiPartitionMapping(dimensions))

    return dg.Definitions(
        assets=[
            made_asset("daily", partitions_def=daily),
            made_asset("letters", partitions_def=letters),
            made_asset("multi", partitions_def=multi),
            *(mapped(f"by_{name}", daily, "daily", mapping) for name, mapping in single.items()),
            mapped("by_static", letters, "letters", dg.StaticPartitionMapping({"a": ["a", "b"], "c": "c"})),
            mapped("by_dimension", daily, "multi", dg.MultiToSingleDimensionPartitionMapping()),
            *(inside(name, mapping) for name, mapping in within.items()),
        ]
    )
