"""Definitions in Python that `shapes.ts` writes in TypeScript, under the same names."""

import datetime

import dagster as dg

A = dg.AutomationCondition
# Dagster 1.12 knows no groups within groups, and no conditions on freshness.
BEFORE_1_13 = tuple(int(part) for part in dg.__version__.split(".")[:2]) < (1, 13)


def _op(*_args, **_kwargs):
    pass


def basic():
    @dg.asset(
        group_name="bronze",
        kinds={"sqlite"},
        tags={"domain": "sales"},
        owners=["team:data", "a.b@example.com"],
        description="raw orders",
        code_version="v1",
        metadata={
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(
                        "id", "int", description="pk", constraints=dg.TableColumnConstraints(nullable=False, unique=True)
                    ),
                    dg.TableColumn("amount", "float", tags={"pii": ""}),
                ],
                constraints=dg.TableConstraints(other=["amount > 0"]),
            ),
            "note": "hello",
            "url": dg.MetadataValue.url("https://example.com"),
            "n": 3,
            "f": 1.5,
            "whole": dg.MetadataValue.float(2.0),
            "flag": True,
            "nothing": None,
            "md": dg.MetadataValue.md("# hi"),
            "j": {"a": 1, "b": [1.5, "x", None]},
            "path": dg.MetadataValue.path("/tmp/x"),
            "notebook": dg.MetadataValue.notebook("/tmp/x.ipynb"),
            "at": dg.MetadataValue.timestamp(1767225600.0),
            "asset": dg.MetadataValue.asset(dg.AssetKey(["a", "b"])),
            "run": dg.MetadataValue.dagster_run("r1"),
            "job": dg.DagsterJobMetadataValue("orders_job", "shop", "__repository__"),
            "python": dg.PythonArtifactMetadataValue("shop.assets", "orders"),
            "pool": dg.MetadataValue.pool("p"),
            "table": dg.MetadataValue.table(
                records=[dg.TableRecord({"x": 1, "y": "z"})],
                schema=dg.TableSchema(columns=[dg.TableColumn("x", "int"), dg.TableColumn("y")]),
            ),
        },
    )
    def raw_orders(): ...

    @dg.asset(
        deps=[raw_orders],
        group_name="silver",
        kinds={"duckdb", "sql"},
        metadata={
            "dagster/column_lineage": dg.TableColumnLineage(
                {"total": [dg.TableColumnDep(asset_key=dg.AssetKey("raw_orders"), column_name="amount")]}
            )
        },
    )
    def orders(): ...

    @dg.asset(deps=[orders], key_prefix=["mart"], group_name="gold", automation_condition=A.eager())
    def revenue(): ...

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b", "c"]), deps=[orders], group_name="regions" if BEFORE_1_13 else "gold/regions")
    def by_region(): ...

    @dg.asset_check(asset=orders, description="total positive", blocking=True)
    def total_positive(): ...

    @dg.asset_check(asset=dg.AssetKey("raw_orders"), additional_deps=[dg.AssetKey("elsewhere")], name="same_count")
    def same_count(): ...

    job = dg.define_asset_job(
        "orders_job", selection=dg.AssetSelection.assets(raw_orders, orders), tags={"t": "1"}, description="d"
    )
    everything = dg.define_asset_job("gold_up", selection=dg.AssetSelection.assets(revenue).upstream(depth=1))
    schedule = dg.ScheduleDefinition(name="daily", job=job, cron_schedule="0 0 * * *", execution_timezone="UTC")
    running = dg.ScheduleDefinition(
        name="running",
        target=dg.AssetSelection.groups("gold"),
        cron_schedule=["0 1 * * *", "0 2 * * *"],
        execution_timezone="Europe/Paris",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        tags={"x": "y"},
        description="s",
    )

    @dg.sensor(name="my_sensor", job=job, minimum_interval_seconds=60, tags={"k": "v"})
    def my_sensor(): ...

    @dg.sensor(name="selecting", target=dg.AssetSelection.assets(orders), default_status=dg.DefaultSensorStatus.RUNNING)
    def selecting(): ...

    @dg.asset_sensor(name="on_asset", asset_key=dg.AssetKey(["mart", "revenue"]), job=job, description="d")
    def on_asset(context, event): ...

    @dg.multi_asset_sensor(
        name="on_assets", monitored_assets=[dg.AssetKey("orders"), dg.AssetKey(["mart", "revenue"])], job=job
    )
    def on_assets(context): ...

    @dg.run_failure_sensor(name="on_failure", monitored_jobs=[job])
    def on_failure(context): ...

    @dg.run_status_sensor(
        name="on_success", run_status=dg.DagsterRunStatus.SUCCESS, request_job=job, monitor_all_code_locations=True
    )
    def on_success(context): ...

    return dg.Definitions(
        assets=[raw_orders, orders, revenue, by_region],
        asset_checks=[total_positive, same_count],
        jobs=[job, everything],
        schedules=[schedule, running],
        sensors=[my_sensor, selecting, on_asset, on_assets, on_failure, on_success],
        metadata={"dagster/x": 1},
    )


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


def interleaved():
    """Ops that wait for each other until Dagster splits them."""

    @dg.multi_asset(
        name="left",
        specs=[
            dg.AssetSpec("l1"),
            dg.AssetSpec("l2", deps=["r1"]),
            dg.AssetSpec("l3", deps=["r2", "l1"]),
            dg.AssetSpec("l4", deps=["l3"]),
        ],
        check_specs=[dg.AssetCheckSpec("k", asset="l2", blocking=True), dg.AssetCheckSpec("k", asset="l4")],
        can_subset=True,
    )
    def left(): ...

    @dg.multi_asset(
        name="right",
        specs=[dg.AssetSpec("r1", deps=["l1"]), dg.AssetSpec("r2", deps=["l2"]), dg.AssetSpec("r3", deps=["src"])],
        can_subset=True,
    )
    def right(): ...

    @dg.multi_asset_check(
        name="over",
        # Checks that all stay in one part: Dagster numbers several parts in the order of a Python set.
        specs=[dg.AssetCheckSpec("o2", asset="r2"), dg.AssetCheckSpec("o3", asset="r2")],
        can_subset=True,
    )
    def over(): ...

    part = dg.define_asset_job("part", selection=dg.AssetSelection.assets("l1", "l2", "r1"))
    return dg.Definitions(assets=[left, right], asset_checks=[over], jobs=[part])


def automation():
    conditions = {
        "eager": A.eager(),
        "on_cron": A.on_cron("0 5 * * 1", "Europe/Paris"),
        "on_missing": A.on_missing(),
        "and_or": (A.missing() & A.newly_updated() & A.in_progress()) | (A.code_version_changed() | ~A.execution_failed()),
        "since": A.data_version_changed().since(A.newly_requested()).with_label("x"),
        "handled": A.newly_missing().since_last_handled(),
        "newly_true": A.any_deps_missing().newly_true(),
        "deps": A.any_deps_match(A.missing()) & A.all_deps_match(A.newly_updated() | A.will_be_requested()),
        "checks": A.any_checks_match(A.check_failed(), blocking_only=True) | A.all_checks_match(A.check_passed()),
        "blocking": A.eager() & A.all_deps_blocking_checks_passed(),
        "window": A.in_latest_time_window(datetime.timedelta(days=2, hours=1)),
        "allow": A.eager().allow(dg.AssetSelection.groups("g")).ignore(dg.AssetSelection.assets("z")),
        "replaced": A.eager().replace("any_deps_updated", A.any_deps_updated().ignore(dg.AssetSelection.assets("z"))),
        "without": A.eager().without(~A.any_deps_missing()),
        "matches": A.asset_matches("other", A.newly_updated()),
        "downstream": A.any_downstream_conditions(),
    }
    conditions["last_run"] = (
        A.executed_with_tags(tag_keys={"b", "a"}, tag_values={"d": "1", "c": "2"}) | A.executed_with_tags()
    ) & ~A.executed_with_root_target()
    conditions["new_updates"] = A.any_new_update_has_run_tags(tag_keys={"x"}) | A.all_new_updates_have_run_tags(
        tag_values={"x": "y"}
    )
    conditions["requested"] = (
        A.initial_evaluation() | A.backfill_in_progress() | A.run_in_progress() | A.newly_missing()
    )
    conditions["updated_since"] = (
        A.all_deps_updated_since_cron("0 5 * * 1", "Europe/Paris") | A.any_deps_in_progress()
    )
    z = dg.AssetSelection.assets("z")
    conditions["nested"] = (
        A.any_deps_match(A.any_deps_match(A.missing()).ignore(z)).allow(z).allow(dg.AssetSelection.groups("g"))
    )
    conditions["swapped"] = A.on_cron("@daily").replace(
        A.in_latest_time_window(), A.in_latest_time_window(datetime.timedelta(hours=1))
    )
    if not BEFORE_1_13:
        conditions["fresh"] = A.freshness_failed() | A.freshness_warned() | ~A.freshness_passed()
    jobs = []
    if not BEFORE_1_13:
        jobs = [
            dg.define_asset_job(
                "roots", dg.AssetSelection.assets("eager"), automation_condition=A.any_job_root_assets_match(A.missing())
            ),
            dg.define_asset_job(
                "all_roots",
                dg.AssetSelection.assets("on_cron", "eager"),
                automation_condition=(
                    A.all_job_root_assets_match(A.eager()) & A.any_job_root_assets_match(A.cron_tick_passed("@daily"))
                )
                | A.any_job_root_assets_match(A.executed_with_tags(tag_keys={"b", "a"}, tag_values={"d": "1"})),
            ),
        ]
    sensor = dg.AutomationConditionSensorDefinition
    return dg.Definitions(
        assets=[_automated(name, condition) for name, condition in conditions.items()],
        jobs=jobs,
        sensors=[
            sensor("no_backfills", target=dg.AssetSelection.assets("eager", "on_cron"), emit_backfills=False),
            sensor("tagged", target=dg.AssetSelection.assets("deps"), metadata={"owner": "x"}),
        ],
    )


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
        return _made(name, partitions_def=partitions, deps=[dg.AssetDep(upstream, partition_mapping=mapping)])

    def inside(name, mapping):
        dimensions = {
            other: dg.DimensionPartitionMapping(other, mapping if own else dg.IdentityPartitionMapping())
            for other, own in (("day", name != "static"), ("letter", name == "static"))
        }
        return mapped(f"within_{name}", multi, "multi", dg.MultiPartitionMapping(dimensions))

    return dg.Definitions(
        assets=[
            _made("daily", partitions_def=daily),
            _made("letters", partitions_def=letters),
            _made("multi", partitions_def=multi),
            *(mapped(f"by_{name}", daily, "daily", mapping) for name, mapping in single.items()),
            mapped("by_static", letters, "letters", dg.StaticPartitionMapping({"a": ["a", "b"], "c": "c"})),
            mapped("by_dimension", daily, "multi", dg.MultiToSingleDimensionPartitionMapping()),
            *(inside(name, mapping) for name, mapping in within.items()),
        ]
    )


def _automated(name, condition):
    return _made(name, automation_condition=condition)


def _made(name, **options):
    @dg.asset(name=name, **options)
    def made(): ...

    return made


def config():
    @dg.asset(
        config_schema={
            "n": dg.Field(int, default_value=3, description="how many"),
            "s": dg.Field(str, is_required=False),
            "f": dg.Field(float, default_value=1.5),
            "b": dg.Field(bool, default_value=True),
            "e": dg.Enum("colour", [dg.EnumValue("RED"), dg.EnumValue("BLUE")]),
            "l": dg.Field([int], default_value=[1]),
            "m": dg.Map(str, int),
            "q": dg.Noneable(str),
            "o": {"x": dg.Field(int, default_value=1), "y": dg.Field(str, default_value="é")},
            "sel": dg.Selector({"a": {"k": int}, "bb": {"v": dg.Field(str, is_required=False)}}),
            "p": dg.Permissive({"z": int}),
            "any": dg.Any,
        }
    )
    def demanding(): ...

    @dg.asset(config_schema={"n": dg.Field(int, default_value=3), "deep": {"a": int, "b": dg.Field(int, default_value=2)}})
    def partly(): ...

    @dg.asset(config_schema={"n": dg.Field(int, default_value=3)})
    def easy(): ...

    @dg.asset
    def plain(): ...

    given = dg.define_asset_job(
        "given", selection=[partly, easy], config={"ops": {"partly": {"config": {"deep": {"a": 7}}}}}
    )
    return dg.Definitions(assets=[demanding, partly, easy, plain], jobs=[given])


def resources():
    @dg.resource(
        config_schema={
            "host": dg.Field(str, default_value="localhost"),
            "port": dg.Field(int, description="where it listens"),
            "token": dg.Field(dg.StringSource, default_value={"env": "TOKEN"}),
        },
        description="rows",
    )
    def database(_): ...

    @dg.resource(required_resource_keys={"database"}, config_schema={"folder": dg.Field(str, default_value="/tmp")})
    def store(_): ...

    @dg.resource
    def plain(_): ...

    @dg.asset(required_resource_keys={"store"})
    def stored(): ...

    @dg.asset(required_resource_keys={"plain"}, config_schema={"n": dg.Field(int, default_value=3)})
    def light(): ...

    @dg.config_mapping(config_schema={"day": str, "limit": dg.Field(int, default_value=7)})
    def short(value):
        return {"ops": {"light": {"config": {"n": value["limit"]}}}}

    @dg.sensor(required_resource_keys={"plain"})
    def looking(_): ...

    @dg.schedule(cron_schedule="@daily", target=[light], execution_timezone="UTC", required_resource_keys={"plain"})
    def timed(_): ...

    return dg.Definitions(
        assets=[stored, light],
        resources={"database": database, "store": store, "plain": plain},
        jobs=[
            dg.define_asset_job("mapped", [light], config=short),
            dg.define_asset_job("easy", [light], config={"ops": {"light": {"config": {"n": 4}}}}),
            dg.define_asset_job("needy", [stored, light]),
        ],
        sensors=[looking],
        schedules=[timed],
        metadata={"seen": dg.MetadataValue.code_location_reconstruction("v1")},
    )


ALL = {
    "basic": basic,
    "shapes": shapes,
    "interleaved": interleaved,
    "automation": automation,
    "config": config,
    "mappings": mappings,
    "resources": resources,
}
