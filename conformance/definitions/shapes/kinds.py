import datetime

import dagster as dg

A = dg.AutomationCondition


def shapes():
    daily = dg.DailyPartitionsDefinition("2026-01-01", timezone="Europe/Paris")
    hourly = dg.HourlyPartitionsDefinition("2026-01-01-00:00", end_offset=1)
    weekly = dg.WeeklyPartitionsDefinition("2026-01-01", day_offset=1, hour_offset=3, exclusions=["0 3 1 * *"])
    monthly = dg.MonthlyPartitionsDefinition("2026-01-01", end_date="2027-01-01", exclusions=[datetime.datetime(2026, 3, 1)])
    multi = dg.MultiPartitionsDefinition({"r": dg.StaticPartitionsDefinition(["x", "y"]), "date": daily})

    @dg.asset(
        partitions_def=daily,
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="pool1",
        op_tags={"team": "x"},
    )
    def a_daily(): ...

    @dg.asset(partitions_def=hourly, backfill_policy=dg.BackfillPolicy.multi_run(7))
    def a_hourly(): ...

    @dg.asset(partitions_def=weekly)
    def a_weekly(): ...

    @dg.asset(partitions_def=monthly)
    def a_monthly(): ...

    @dg.asset(
        partitions_def=multi,
        deps=[dg.AssetDep(a_daily, partition_mapping=dg.MultiToSingleDimensionPartitionMapping("date"))],
    )
    def a_multi(): ...

    @dg.asset(partitions_def=dg.DynamicPartitionsDefinition(name="dynp"), deps=[dg.AssetDep(a_multi, partition_mapping=dg.AllPartitionMapping())])
    def a_dyn(): ...

    @dg.asset(
        partitions_def=daily,
        deps=[
            dg.AssetDep(a_daily, partition_mapping=dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=0)),
            dg.AssetDep("a_tw", partition_mapping=dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)),
            dg.AssetDep(a_hourly, partition_mapping=dg.LastPartitionMapping()),
        ],
        automation_condition=A.on_cron("@daily") | ~A.in_progress(),
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=datetime.timedelta(hours=24), warn_window=datetime.timedelta(hours=12)
        ),
    )
    def a_tw(): ...

    @dg.asset(
        partitions_def=dg.StaticPartitionsDefinition(["1", "2"]),
        deps=[
            dg.AssetDep(
                "elsewhere",
                partition_mapping=dg.StaticPartitionMapping({"x": ["1"], "y": ["1", "2"]}),
            ),
            dg.AssetDep(a_daily, partition_mapping=dg.SpecificPartitionsPartitionMapping(["2026-01-01"])),
        ],
    )
    def a_static(): ...

    @dg.multi_asset(
        specs=[
            dg.AssetSpec("m1", group_name="g", kinds={"rocky"}, code_version="2", skippable=True),
            dg.AssetSpec("m2", deps=["m1", "ext_src"], skippable=True, description="second"),
            dg.AssetSpec(["deep", "m-3.x"], deps=["m2"]),
        ],
        can_subset=True,
        check_specs=[dg.AssetCheckSpec("chk", asset="m1", blocking=True), dg.AssetCheckSpec("chk2", asset="m2")],
        pool="p2",
        op_tags={"k": "v"},
        name="multi_op",
        description="several",
    )
    def multi_op(): ...

    @dg.multi_asset(specs=[dg.AssetSpec("t1"), dg.AssetSpec("t2", deps=["t1", "m1"])], name="together")
    def together(): ...

    ext = dg.AssetSpec(
        "ext_src",
        group_name="sources",
        metadata={"dagster/uri": "s3://x"},
        freshness_policy=dg.FreshnessPolicy.cron(
            deadline_cron="0 9 * * *", lower_bound_delta=datetime.timedelta(hours=1)
        ),
    )

    @dg.observable_source_asset(automation_condition=A.cron_tick_passed("@hourly"))
    def obs_src(): ...

    @dg.asset(
        deps=[ext, obs_src],
        metadata={
            "dagster/code_references": dg.CodeReferencesMetadataValue(
                code_references=[
                    dg.LocalFileCodeReference(file_path="/x.py", line_number=3, label="lbl"),
                    dg.UrlCodeReference(url="https://x"),
                ]
            )
        },
        check_specs=[dg.AssetCheckSpec("inline", asset="down")],
    )
    def down(): ...

    @dg.multi_asset_check(
        name="two_checks",
        specs=[dg.AssetCheckSpec("c1", asset="down"), dg.AssetCheckSpec("c2", asset="m1", additional_deps=["t1"])],
        can_subset=True,
    )
    def two_checks(): ...

    @dg.asset_check(asset=down, automation_condition=A.eager(), name="auto_check")
    def auto_check(): ...

    pj = dg.define_asset_job("pj", selection=[a_daily, a_tw], partitions_def=daily, tags={"t": "1"})
    hj = dg.define_asset_job("hj", selection=[a_hourly])
    auto = dg.AutomationConditionSensorDefinition(
        "auto", target=dg.AssetSelection.assets(a_tw), default_status=dg.DefaultSensorStatus.RUNNING
    )
    return dg.Definitions(
        assets=[a_daily, a_hourly, a_weekly, a_monthly, a_multi, a_dyn, a_tw, a_static, multi_op, together, ext, obs_src, down],
        asset_checks=[two_checks, auto_check],
        jobs=[pj, hj],
        sensors=[auto],
    )
