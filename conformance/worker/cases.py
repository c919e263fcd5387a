"""Definitions that cases.ts repeats in TypeScript; both are run by their own worker and compared row by row."""
import dagster as dg

P3 = dg.StaticPartitionsDefinition(["a", "b", "c", "d"])
MULTI = dg.MultiPartitionsDefinition({"day": dg.StaticPartitionsDefinition(["1", "2"]), "area": dg.StaticPartitionsDefinition(["x", "y"])})

TABLE = dg.TableSchema(columns=[
    dg.TableColumn("id", "int", description="pk", constraints=dg.TableColumnConstraints(nullable=False, unique=True)),
    dg.TableColumn("amount", "float", tags={"pii": ""}),
])


@dg.asset(code_version="v1")
def raw(context):
    context.log.debug("below the level that the instance keeps")
    context.log.info("reading")
    context.log.warning("nothing to worry about: é \u2028 \U0001f600")
    return dg.MaterializeResult(metadata={
        "dagster/row_count": 10, "ratio": 1.0, "tiny": 1e-7, "big": 2**60, "text": "tëxt\n\"q\"", "flag": True, "none": None,
        "url": dg.MetadataValue.url("https://example.com"), "path": dg.MetadataValue.path("/a/b"), "md": dg.MetadataValue.md("# hi"),
        "json": {"b": [1, 2.5, None], "a": {"x": "y"}}, "at": dg.MetadataValue.timestamp(1700000000.5),
        "asset": dg.MetadataValue.asset(dg.AssetKey(["mart", "sales"])), "schema": TABLE,
        "lineage": dg.TableColumnLineage({"amount": [dg.TableColumnDep(asset_key=dg.AssetKey("src"), column_name="v")]}),
        "table": dg.MetadataValue.table(records=[dg.TableRecord({"a": 1, "b": "x"})], schema=dg.TableSchema(columns=[dg.TableColumn("a", "int"), dg.TableColumn("b", "string")])),
    })


@dg.asset(deps=[raw, "src"], key=["mart", "sales"])
def sales(context):
    context.log_event(dg.AssetObservation(asset_key=["mart", "sales"], metadata={"seen": 1}, tags={"t": "1"}))
    return dg.MaterializeResult(data_version=dg.DataVersion("dv1"), tags={"team": "x"})


@dg.asset(deps=[sales])
def report():
    return dg.MaterializeResult()


@dg.multi_asset(
    specs=[dg.AssetSpec("m1"), dg.AssetSpec("m2", deps=["m1"], skippable=True), dg.AssetSpec("m3", deps=["raw"])],
    check_specs=[dg.AssetCheckSpec("in_op", asset="m1")], can_subset=True, name="many")
def many(context):
    for key in sorted(context.selected_asset_keys):
        if key != dg.AssetKey("m2"):
            yield dg.MaterializeResult(asset_key=key, metadata={"key": key.to_user_string()})
    if context.selected_asset_check_keys:
        yield dg.AssetCheckResult(asset_key="m1", check_name="in_op", passed=False, severity=dg.AssetCheckSeverity.WARN, description="half", metadata={"n": 1, "f": 0.5})


@dg.asset(deps=["m2"])
def after_m2():
    return dg.MaterializeResult()


@dg.asset_check(asset="raw", blocking=True)
def gate():
    return dg.AssetCheckResult(passed=True, metadata={"min": 1})


@dg.asset_check(asset=["mart", "sales"], blocking=True)
def stop():
    return dg.AssetCheckResult(passed=False)


@dg.asset
def fails():
    raise dg.Failure("out of disk", metadata={"left": 0, "path": dg.MetadataValue.path("/data")})


@dg.asset(deps=[fails])
def below():
    return dg.MaterializeResult()


@dg.asset(deps=[below])
def deeper():
    return dg.MaterializeResult()


@dg.asset(retry_policy=dg.RetryPolicy(max_retries=2))
def flaky(context):
    if context.retry_number < 2:
        raise Exception("not yet")
    return dg.MaterializeResult()


@dg.asset(retry_policy=dg.RetryPolicy(max_retries=1))
def hopeless():
    raise Exception("never")


@dg.asset(partitions_def=P3)
def part():
    return dg.MaterializeResult(metadata={"k": "v"})


@dg.asset(partitions_def=P3, deps=[part])
def part_child():
    return dg.MaterializeResult()


@dg.asset(deps=[part])
def whole_child():
    return dg.MaterializeResult()


@dg.asset_check(asset=part)
def part_check():
    return dg.AssetCheckResult(passed=True)


@dg.asset(partitions_def=MULTI)
def grid():
    return dg.MaterializeResult()


@dg.multi_observable_source_asset(specs=[dg.AssetSpec("watched")])
def watched():
    yield dg.ObserveResult(asset_key="watched", data_version=dg.DataVersion("7"), metadata={"seen": 1})


@dg.asset(deps=["watched"])
def reads_watched():
    return dg.MaterializeResult()


@dg.success_hook(name="praise")
def praise(context):
    context.log.info("well done")


@dg.failure_hook(name="blame")
def blame(context):
    context.log.info(f"because of {context.op_exception}")


@dg.success_hook(name="broken_hook")
def broken_hook(context):
    raise Exception("the hook itself")


def retried(name, policy):
    @dg.asset(name=name, retry_policy=policy)
    def asset(context):
        if context.retry_number < policy.max_retries:
            raise Exception("not yet")
        return dg.MaterializeResult()

    return asset


@dg.asset(hooks={praise})
def praised():
    return dg.MaterializeResult()


@dg.asset(hooks={blame})
def blamed():
    raise Exception("no luck")


@dg.asset(hooks={broken_hook})
def hooked():
    return dg.MaterializeResult()


@dg.asset(hooks={blame}, retry_policy=dg.RetryPolicy(max_retries=1), deps=[hooked])
def blamed_late(context):
    raise Exception("still no luck")


@dg.asset
def asks_again(context):
    if context.retry_number == 0:
        raise dg.RetryRequested(max_retries=1, seconds_to_wait=0.25) from Exception("why")
    return dg.MaterializeResult()


@dg.asset(pool="narrow")
def pooled():
    return dg.MaterializeResult()


@dg.asset(pool="narrow", op_tags={"dagster/priority": "7"})
def pooled_first():
    return dg.MaterializeResult()


DAY = dg.DailyPartitionsDefinition("2024-01-01", end_date="2024-01-06")
DAY_AREA = dg.MultiPartitionsDefinition({"day": DAY, "area": dg.StaticPartitionsDefinition(["x", "y"])})


def derived(name, upstream, mapping, partitions):
    @dg.asset(name=name, partitions_def=partitions, deps=[dg.AssetDep(upstream, partition_mapping=mapping)])
    def asset():
        return dg.MaterializeResult()

    return asset


@dg.asset(partitions_def=DAY, code_version="d1")
def daily():
    return dg.MaterializeResult()


@dg.asset(partitions_def=DAY_AREA, deps=[daily])
def per_area():
    return dg.MaterializeResult()


@dg.asset(partitions_def=DAY, deps=[per_area])
def over_areas():
    return dg.MaterializeResult()


DERIVED = [
    derived("with_yesterday", "daily", dg.TimeWindowPartitionMapping(start_offset=-1), DAY),
    derived("weekly", "daily", None, dg.WeeklyPartitionsDefinition("2023-12-31")),
    derived("whole", "daily", None, None),
    derived("newest", "daily", dg.LastPartitionMapping(), None),
    derived("two_of_them", "daily", dg.SpecificPartitionsPartitionMapping(["2024-01-01", "2024-01-03"]), None),
]
ORDERED = [dg.asset(name=name, op_tags={"dagster/priority": priority})(lambda: dg.MaterializeResult()) for name, priority in [("first_c", "9"), ("second_a", "3"), ("third_b", "-1")]]
HOOKED = [praised, blamed, hooked, blamed_late]
RETRIED = [
    retried("waits", dg.RetryPolicy(max_retries=1, delay=0.25)),
    retried("waits_longer", dg.RetryPolicy(max_retries=2, delay=0.125, backoff=dg.Backoff.LINEAR)),
    retried("waits_much_longer", dg.RetryPolicy(max_retries=2, delay=0.125, backoff=dg.Backoff.EXPONENTIAL)),
]

defs = dg.Definitions(
    assets=[*HOOKED, *RETRIED, *ORDERED, *DERIVED, daily, per_area, over_areas, asks_again, pooled, pooled_first, raw, sales, report, many, after_m2, fails, below, deeper, flaky, hopeless, part, part_child, whole_child, grid, watched, reads_watched],
    asset_checks=[gate, stop, part_check],
)

RANGE = {"dagster/asset_partition_range_start": "b", "dagster/asset_partition_range_end": "d"}
# name, assets, checks (None: all), tags; in the order in which they run, so that later ones see earlier ones.
CASES = [
    ("chain", ["raw", "mart/sales", "report"], [], {}),
    ("gates", ["raw", "mart/sales", "report"], None, {}),
    ("one check", [], [("raw", "gate")], {}),
    ("many", ["m1", "m2", "m3", "after_m2"], None, {}),
    ("subset", ["m1"], [], {}),
    ("failure", ["fails", "below", "deeper", "raw"], [], {}),
    ("retries", ["flaky"], [], {}),
    ("retries exhausted", ["hopeless"], [], {}),
    ("partition", ["part", "part_child"], None, {"dagster/partition": "b"}),
    ("range", ["part", "part_child"], None, RANGE),
    ("unpartitioned child", ["whole_child"], [], {}),
    ("grid", ["grid"], [], {"dagster/partition": "x|2", "dagster/partition/area": "x", "dagster/partition/day": "2"}),
    ("observation", ["watched"], [], {}),
    ("after observation", ["reads_watched"], [], {}),
    ("hooks", ["praised", "blamed", "hooked", "blamed_late"], [], {}),
    # One at a time: which of several comes back first is a matter of time.
    *[(f"delays of {name}", [name], [], {}) for name in ("waits", "waits_longer", "waits_much_longer")],
    ("asked again", ["asks_again"], [], {}),
    ("pools", ["pooled", "pooled_first"], [], {}),
    ("priorities", ["first_c", "second_a", "third_b"], [], {}),
    ("retried as a run", ["fails"], [], {"dagster/max_retries": "2", "dagster/retry_on_asset_or_op_failure": "true", "dagster/retry_strategy": "ALL_STEPS"}),
    ("not retried as a run", ["fails"], [], {"dagster/max_retries": "0"}),
    *[(f"daily {day}", ["daily"], [], {"dagster/partition": f"2024-01-0{day}"}) for day in (1, 2, 3)],
    ("with yesterday", ["with_yesterday"], [], {"dagster/partition": "2024-01-03"}),
    ("with no yesterday", ["with_yesterday"], [], {"dagster/partition": "2024-01-01"}),
    ("weekly", ["weekly"], [], {"dagster/partition": "2023-12-31"}),
    ("whole", ["whole", "newest", "two_of_them"], [], {}),
    ("one area", ["per_area"], [], {"dagster/partition": "x|2024-01-02", "dagster/partition/area": "x", "dagster/partition/day": "2024-01-02"}),
    ("other area", ["per_area"], [], {"dagster/partition": "y|2024-01-02", "dagster/partition/area": "y", "dagster/partition/day": "2024-01-02"}),
    ("over areas", ["over_areas"], [], {"dagster/partition": "2024-01-02"}),
    ("daily again", ["daily"], [], {"dagster/asset_partition_range_start": "2024-01-02", "dagster/asset_partition_range_end": "2024-01-04"}),
    ("chain again", ["raw"], [], {}),
    ("resumed", ["raw", "mart/sales"], [], {}),
    ("resumed for nothing", ["fails"], [], {}),
]
