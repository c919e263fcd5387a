"""What Dagster's own client says about a running code location: one `ok` or `FAIL` line per fact.

    client.py PORT
"""
import sys

from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._grpc.__generated__ import dagster_api_pb2
from dagster._grpc.client import DagsterGrpcClient
from dagster._serdes import deserialize_value, serialize_value

client = DagsterGrpcClient(host="localhost", port=int(sys.argv[1]))
location = GrpcServerCodeLocationOrigin(host="localhost", port=int(sys.argv[1]), location_name="loc")
repository = RemoteRepositoryOrigin(location, "__repository__")


def check(name, condition, detail=""):
    print(f"{'ok  ' if condition else 'FAIL'} client: {name} {'' if condition else detail}")


def stable(text):
    return serialize_value(deserialize_value(text)) == text


check("Ping echoes", client.ping("hi")["echo"] == "hi")
check("Heartbeat echoes", client.heartbeat("hi") == "hi")
pings = list(client.streaming_ping(3, "x"))
check("StreamingPing", [p["sequence_number"] for p in pings] == [0, 1, 2], pings)
check("health service", client.health_check_query() == "SERVING")
check("ListRepositories reads back", stable(client.list_repositories()))
pieces = client._streaming_query(  # noqa: SLF001 (the public form of this call is asynchronous)
    "StreamingExternalRepository",
    dagster_api_pb2.ExternalRepositoryRequest,
    serialized_repository_python_origin=serialize_value(repository),
    defer_snapshots=True,
)
text = "".join(piece.serialized_external_repository_chunk for piece in pieces)
check("StreamingExternalRepository reads back", stable(text))
check("ExternalRepository gives the same", client.external_repository(repository, defer_snapshots=True) == text)
job = client.external_job(repository, "shop_job")
check("ExternalJob reads back", stable(job.serialized_job_data), job.serialized_error)
missing = client.external_job(repository, "no_such_job")
check("an unknown job is a typed error", missing.serialized_error and "no_such_job" in missing.serialized_error)
check("GetCurrentRuns reads back", stable(client.get_current_runs()))
before = client.get_server_id()
check("GetServerId is stable", client.get_server_id() == before)
client.reload_code(timeout=60)
check("ReloadCode gives a new server id", client.get_server_id() != before)
try:
    client.external_notebook_data("x.ipynb")
    check("notebooks are refused", False, "an answer came")
except Exception as error:  # noqa: BLE001
    check("notebooks are refused", "not supported" in str(error.__cause__ or error), repr(error))
