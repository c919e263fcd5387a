import dagster as dg

from .plain import BEFORE_1_13

A = dg.AutomationCondition


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
