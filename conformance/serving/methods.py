"""Calls every method of the service with Dagster's own client: one `ok` or `FAIL` line for each fact.

    methods.py PORT     (DAGSTER_HOME names the instance)
"""
import sys
import time

import dagster as dg
import grpc
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._grpc import types
from dagster._grpc.__generated__ import dagster_api_pb2
from dagster._grpc.client import DagsterGrpcClient
from dagster._serdes import deserialize_value, serialize_value

from make_run import make_run

port = int(sys.argv[1])
called = set()


class Client(DagsterGrpcClient):
    """Notes what it calls."""

    def _query(self, method, *args, **kwargs):
        called.add(method)
        return super()._query(method, *args, **kwargs)

    def _streaming_query(self, method, *args, **kwargs):
        called.add(method)
        return super()._streaming_query(method, *args, **kwargs)


client = Client(host="localhost", port=port)
location = GrpcServerCodeLocationOrigin(host="localhost", port=port, location_name="loc")
repository = RemoteRepositoryOrigin(location, "__repository__")


def check(name, condition, detail=""):
    print(f"{'ok  ' if condition else 'FAIL'} {name} {'' if condition else repr(detail)[:600]}")


def is_a(name, text, class_name):
    """An answer of a class that Dagster reads back as it was written."""
    value = deserialize_value(text)
    check(f"{name}: {class_name}", type(value).__name__ == class_name and serialize_value(value) == text, text)
    return value


def until(probe, seconds=30):
    end = time.time() + seconds
    while time.time() < end:
        value = probe()
        if value:
            return value
        time.sleep(0.2)
    return probe()


def liveness():
    check("Ping", client.ping("pong")["echo"] == "pong")
    long = "x" * (60 * 1024 * 1024)
    check("a message of 60 MiB goes there and back", client.ping(long)["echo"] == long)
    check("Heartbeat", client.heartbeat("beat") == "beat")
    check("StreamingPing", [p["sequence_number"] for p in client.streaming_ping(3, "x")] == [0, 1, 2])
    check("GetServerId", client.get_server_id() == client.get_server_id())
    check("health service", client.health_check_query() == "SERVING")


def transport():
    with grpc.insecure_channel(f"localhost:{port}") as channel:
        call = channel.unary_unary("/api.DagsterApi/Ping")
        request = dagster_api_pb2.PingRequest(echo="plain").SerializeToString()
        for name, compression in (("none", grpc.Compression.NoCompression), ("gzip", grpc.Compression.Gzip)):
            reply = dagster_api_pb2.PingReply.FromString(call(request, compression=compression))
            check(f"compression: {name}", reply.echo == "plain", reply)
        for name, path, body, code in (
            ("a method that does not exist", "/api.DagsterApi/Nothing", b"", grpc.StatusCode.UNIMPLEMENTED),
            ("a service that does not exist", "/api.Other/Ping", b"", grpc.StatusCode.UNIMPLEMENTED),
            ("a request that is no message", "/api.DagsterApi/Ping", b"\xff\xff\xff", None),
        ):
            try:
                channel.unary_unary(path)(body, timeout=10)
                check(f"{name} is an error", False, "an answer came")
            except grpc.RpcError as error:
                check(f"{name} is an error", code in (None, error.code()), error)
    check("the server goes on", client.ping("on")["echo"] == "on")


def definitions(instance):
    is_a("ListRepositories", client.list_repositories(), "ListRepositoriesResponse")
    is_a("GetCurrentImage", client.get_current_image(), "GetCurrentImageResult")
    is_a("GetCurrentRuns", client.get_current_runs(), "GetCurrentRunsResult")
    text = client.external_repository(repository, defer_snapshots=True)
    is_a("ExternalRepository", text, "RepositorySnap")
    pieces = client._streaming_query(  # noqa: SLF001 (the public form of this call is asynchronous)
        "StreamingExternalRepository",
        dagster_api_pb2.ExternalRepositoryRequest,
        serialized_repository_python_origin=serialize_value(repository),
        defer_snapshots=True,
    )
    check("StreamingExternalRepository", "".join(p.serialized_external_repository_chunk for p in pieces) == text)
    is_a("ExternalJob", client.external_job(repository, "shop_job").serialized_job_data, "JobDataSnap")
    origin = RemoteJobOrigin(repository, "__ASSET_JOB")
    subset = types.JobSubsetSnapshotArgs(
        job_origin=origin,
        op_selection=None,
        asset_selection={dg.AssetKey("orders")},
        include_parent_snapshot=False,
    )
    cut = is_a("ExternalPipelineSubsetSnapshot", client.external_pipeline_subset(subset), "RemoteJobSubsetResult")
    plan = types.ExecutionPlanSnapshotArgs(
        job_origin=origin,
        op_selection=[],
        run_config={},
        step_keys_to_execute=None,
        job_snapshot_id="id",
        asset_selection=frozenset({dg.AssetKey("orders")}),
        instance_ref=instance.get_ref(),
    )
    made = is_a("ExecutionPlanSnapshot", client.execution_plan_snapshot(plan), "ExecutionPlanSnapshot")
    check("the plan is of the subset", cut.success and {s.split("_")[0] for s in made.step_keys_to_execute} <= {"orders", "positive"}, made.step_keys_to_execute)
    try:
        client.external_notebook_data("x.ipynb")
        check("ExternalNotebookData is refused", False, "an answer came")
    except Exception as error:  # noqa: BLE001
        check("ExternalNotebookData is refused", "not supported" in str(error.__cause__ or error), error)


def partitions(instance):
    ref = instance.get_ref()
    names = types.PartitionNamesArgs(
        repository_origin=repository, partition_set_name="region_job_partition_set", job_name="region_job"
    )
    found = is_a("ExternalPartitionNames", client.external_partition_names(names), "PartitionNamesSnap")
    check("partition names", list(found.partition_names) == ["eu", "us"], found)
    one = types.PartitionArgs(
        repository_origin=repository,
        partition_set_name="region_job_partition_set",
        partition_name="eu",
        job_name="region_job",
        instance_ref=ref,
    )
    is_a("ExternalPartitionConfig", client.external_partition_config(one), "PartitionConfigSnap")
    tags = is_a("ExternalPartitionTags", client.external_partition_tags(one), "PartitionTagsSnap").tags
    check("partition tags", tags["dagster/partition"] == "eu", tags)
    several = types.PartitionSetExecutionParamArgs(
        repository_origin=repository,
        partition_set_name="region_job_partition_set",
        partition_names=["eu", "us"],
        instance_ref=ref,
    )
    params = is_a(
        "ExternalPartitionSetExecutionParams",
        client.external_partition_set_execution_params(several),
        "PartitionSetExecutionParamSnap",
    )
    check("of each partition", [p.name for p in params.partition_data] == ["eu", "us"], params)


def instigators(instance):
    ref = instance.get_ref()
    tick = types.ExternalScheduleExecutionArgs(
        repository_origin=repository,
        instance_ref=ref,
        schedule_name="hourly",
        scheduled_execution_timestamp=1767225600.0,
        scheduled_execution_timezone="UTC",
    )
    look = types.SensorExecutionArgs(
        repository_origin=repository,
        instance_ref=ref,
        sensor_name="watcher",
        last_completion_time=None,
        last_run_key=None,
        cursor=None,
    )
    unary = client.external_schedule_execution(tick)
    is_a("SyncExternalScheduleExecution", unary, "ScheduleExecutionData")
    seen = client.external_sensor_execution(look)
    is_a("SyncExternalSensorExecution", seen, "SensorExecutionData")
    for method, request, field, args, expected in (
        ("ExternalScheduleExecution", dagster_api_pb2.ExternalScheduleExecutionRequest, "serialized_external_schedule_execution_args", tick, unary),
        ("ExternalSensorExecution", dagster_api_pb2.ExternalSensorExecutionRequest, "serialized_external_sensor_execution_args", look, seen),
    ):
        chunks = client._streaming_query(method, request, **{field: serialize_value(args)})  # noqa: SLF001 (older hosts)
        check(f"{method}: the same in pieces", "".join(chunk.serialized_chunk for chunk in chunks) == expected)


def runs(instance):
    def start(asset):
        run = make_run(instance, port, asset)
        args = types.ExecuteExternalJobArgs(
            job_origin=run.remote_job_origin, run_id=run.run_id, instance_ref=instance.get_ref()
        )
        result = is_a(f"StartRun {asset}", client.start_run(args), "StartRunResult")
        check(f"{asset} is started", result.success, result)
        return run.run_id

    def ended(run_id):
        return until(lambda: (r := instance.get_run_by_id(run_id)) and r.is_finished and r.status.value)

    check("a started run succeeds", ended(start("orders")) == "SUCCESS")
    slow = start("slow")
    until(lambda: instance.get_run_by_id(slow).status.value == "STARTED")
    current = deserialize_value(client.get_current_runs()).current_runs
    check("GetCurrentRuns names it", list(current) == [slow], current)
    can = is_a(
        "CanCancelExecution", client.can_cancel_execution(types.CanCancelExecutionRequest(run_id=slow)), "CanCancelExecutionResult"
    )
    check("it can be canceled", can.can_cancel, can)
    instance.report_run_canceling(instance.get_run_by_id(slow))  # as the host does before it asks
    done = is_a("CancelExecution", client.cancel_execution(types.CancelExecutionRequest(run_id=slow)), "CancelExecutionResult")
    check("it is canceled", done.success and ended(slow) == "CANCELED", instance.get_run_by_id(slow).status)


def code():
    before = client.get_server_id()
    reply = client.reload_code(timeout=60)
    check("ReloadCode gives a new server id", client.get_server_id() != before and not reply.serialized_error, reply)
    if not hasattr(client, "refresh_component_state"):
        print("skip: this Dagster has no refresh of components")
        return
    reply = client.refresh_component_state(["Inventory[catalog.json]"])
    state = deserialize_value(reply.serialized_defs_state_info)
    check("RefreshComponentState", "Inventory[catalog.json]" in state.info_mapping, reply)
    first, again = (client.reload_code_with_state(reply.serialized_defs_state_info) for _ in range(2))
    check("ReloadCodeWithState loads a state", first.serialized_server_id == client.get_server_id(), first)
    check("the same state again changes nothing", again.serialized_server_id == first.serialized_server_id, again)
    other = client.refresh_component_state(["Inventory[other.json]"])
    check("an unknown key is a typed error", "Inventory[other.json]" in other.serialized_error, other)


with dg.DagsterInstance.get() as dagster_instance:
    liveness()
    transport()
    definitions(dagster_instance)
    partitions(dagster_instance)
    instigators(dagster_instance)
    runs(dagster_instance)
    code()
    is_a("ShutdownServer", client.shutdown_server(), "ShutdownServerResult")
service = dagster_api_pb2.DESCRIPTOR.services_by_name["DagsterApi"]
missed = {method.name for method in service.methods} - called
supported = {"RefreshComponentState", "ReloadCodeWithState"} if not hasattr(client, "refresh_component_state") else set()
check(f"all {len(service.methods)} methods were called", missed <= supported, missed)
