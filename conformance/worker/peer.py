"""Prepares two instances with the same runs, executes those of one with Python's own worker, and compares.

usage: peer.py prepare HOME_PEER HOME_OURS      runs for both, executed for the peer
       peer.py compare HOME_PEER HOME_OURS
       peer.py crowd HOME                       many equal runs
       peer.py noise HOME                       writes from the host's side while they run
       peer.py count HOME                       whether every event of every run is there
       peer.py long HOME                        one run, in which the database is restarted
       peer.py tally HOME                       whether each event of that run is there once
"""
import json
import re
import sqlite3
import sys
import uuid
from pathlib import Path

import dagster

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
IN_PROCESS = {"execution": {"config": {"in_process": {}}}}


def run_id(name):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


CROWD = 32
CROWD_ASSETS = ["raw", "mart/sales", "report"]


def prepare(home, cases):
    """Creates one run row per case, as a host does before it starts a worker; gives the serialised instance ref."""
    from dagster import AssetCheckKey, AssetKey, DagsterEvent, DagsterInstance, DagsterRunStatus
    from dagster._core.code_pointer import FileCodePointer
    from dagster._core.definitions.reconstruct import ReconstructableJob, ReconstructableRepository
    from dagster._core.remote_origin import InProcessCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
    from dagster._core.execution.api import create_execution_plan
    from dagster._core.snap import snapshot_from_execution_plan
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
    from dagster._serdes import serialize_value

    instance = DagsterInstance.from_config(home)
    repository = ReconstructableRepository(FileCodePointer(str(HERE / "cases.py"), "defs", str(HERE)))
    location = InProcessCodeLocationOrigin(LoadableTargetOrigin(python_file=str(HERE / "cases.py")), location_name="loc")
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), "__ASSET_JOB")
    job = ReconstructableJob(repository, "__ASSET_JOB")
    planned = []
    for name, assets, checks, tags in cases:
        selection = frozenset(AssetKey.from_user_string(key) for key in assets)
        check_selection = None if checks is None else frozenset(AssetCheckKey(AssetKey.from_user_string(k), n) for k, n in checks)
        subset = job.get_definition().get_subset(asset_selection=selection, asset_check_selection=check_selection)
        plan = create_execution_plan(subset, run_config=IN_PROCESS, tags=tags)
        run = instance.create_run(
            job_name=subset.name, run_id=run_id(name), run_config=IN_PROCESS, status=DagsterRunStatus.NOT_STARTED, tags=tags,
            root_run_id=None, parent_run_id=None, step_keys_to_execute=None, job_snapshot=subset.get_job_snapshot(),
            execution_plan_snapshot=snapshot_from_execution_plan(plan, subset.get_job_snapshot_id()),
            parent_job_snapshot=subset.get_parent_job_snapshot(), asset_selection=selection, asset_check_selection=check_selection,
            resolved_op_selection=None, op_selection=None, remote_job_origin=origin, job_code_origin=job.get_python_origin(),
            asset_graph=subset.asset_layer.asset_graph)
        instance.report_engine_event("created", run)
        if name.startswith("resumed"):
            # As a worker that is gone has left it.
            instance.report_dagster_event(DagsterEvent("PIPELINE_START", job_name=run.job_name), run.run_id)
        planned.append({"name": name, "runId": run.run_id})
    return {"runs": planned, "instanceRef": serialize_value(instance.get_ref())}


def execute(home, planned):
    """What `dagster api execute_run` does, without a new interpreter for each run."""
    from dagster import DagsterInstance
    from dagster._cli.api import _execute_run_command_body, _resume_run_command_body

    with DagsterInstance.from_config(home) as instance:
        for each in planned["runs"]:
            work = _resume_run_command_body if each["name"].startswith("resumed") else _execute_run_command_body
            work(each["runId"], instance, lambda event: None, set_exit_code_on_failure=False)


def rows(home, database, query):
    """`database` is a file of the SQLite layout; PostgreSQL has everything in one place."""
    url = Path(home, "postgres.url")
    if url.exists():
        import psycopg2.extras

        connection = psycopg2.connect(url.read_text())
        cursor = connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
        cursor.execute(query)
        return [dict(row) for row in cursor.fetchall()]
    connection = sqlite3.connect(f"{home}/history/{database}.db")
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute(query)]


TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
PEER_ONLY = {"RESOURCE_INIT_STARTED", "RESOURCE_INIT_SUCCESS"}
VOLATILE = {"timestamp", "pid", "duration_ms", "log_key", "stack", "start_time", "end_time", "create_timestamp", "update_timestamp",
            "evaluation_event_timestamp", "event_timestamp", "last_materialization_timestamp"}


STORAGE_IDS = {"storage_id", "event_id", "id", "evaluation_event_storage_id", "materialization_event_storage_id"}
# Where all events share one table, those that only one worker writes shift the ids of the others.
IDS_DIFFER = False
# These releases keep check evaluations out of the index of all runs, and no error in the event of a failed run.
BEFORE_1_13 = tuple(int(part) for part in dagster.__version__.split(".")[:2]) < (1, 13)


def normal(value, key=None):
    if BEFORE_1_13 and key == "evaluation_event_storage_id":
        return None
    if IDS_DIFFER and value is not None and (key in STORAGE_IDS or str(key).startswith("dagster/input_event_pointer/")):
        return value if value == "NULL" else "<id>"
    if key in VOLATILE and value is not None:
        return f"<{type(value).__name__}>"
    if isinstance(value, dict):
        if value.get("__class__") == "SerializableErrorInfo":
            value = user_error(value)
        if BEFORE_1_13 and value.get("__class__") == "PipelineFailureData":
            value = {**value, "error": None}
        return {k: normal(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [normal(v) for v in value]
    if isinstance(value, str):
        if value[:1] == "{" and "__class__" in value[:12]:
            return normal(json.loads(value))
        value = re.sub(r"pid: \d+", "pid: N", value)
        value = re.sub(r"in (\d+h)?(\d+m)?[\d.]+m?s", "in T", value)
        return value
    return value


def user_error(info):
    """Languages name their exceptions differently; that there is one, and which is the framework's, must agree."""
    name = info["cls_name"]
    message = info["message"]
    if name in ("Exception", "Error"):
        name, message = "<user>", message.split(": ", 1)[-1]
    if name in ("RetryRequestedFromPolicy", "RetryRequested"):
        name, message = "<retry>", message if message.startswith("Exceeded") else "<retry>"
    return {**info, "cls_name": name, "message": message.replace("dagster._core.definitions.events.", "").replace("dagster._core.errors.", "")}


def log_of(home, run):
    found = []
    for row in rows(home, f"runs/{run}", f"select * from event_logs where run_id = '{run}' order by id"):
        if row["dagster_event_type"] in PEER_ONLY:
            continue
        row.pop("id")
        entry = normal(row)
        event = entry["event"]["dagster_event"] or {}
        if (event.get("event_specific_data") or {}).get("metadata_entries"):
            for item in event["event_specific_data"]["metadata_entries"]:
                if item["label"] == "pid":
                    item["entry_data"]["text"] = "N"
        found.append(entry)
    return found


def by_partition(log):
    """Python materialises the keys of a range in the order of a set; ours goes in the order of the keys."""
    ordered, at = [], 0
    while at < len(log):
        end = at
        while end < len(log) and log[end]["partition"] and (log[end]["dagster_event_type"], log[end]["step_key"]) == (log[at]["dagster_event_type"], log[at]["step_key"]):
            end += 1
        ordered += sorted(log[at:end], key=lambda e: e["partition"]) or [log[at]]
        at = max(end, at + 1)
    return ordered


def last_of_range(row):
    """Which key of a range came last is left to chance by Python."""
    record = json.loads(row["last_materialization"] or "{}")
    if record:
        materialization = record["event_log_entry"]["dagster_event"]["event_specific_data"]["materialization"]
        materialization["partition"] = materialization["partition"] and "<one>"
        record["storage_id"] = "<id>" if materialization["partition"] else record["storage_id"]
    return {**row, "last_materialization": record}


def without_captures(log):
    # Python captures the whole process once, ours each step on its own: order and number differ by design.
    return by_partition([entry for entry in log if entry["dagster_event_type"] != "LOGS_CAPTURED"])


passed = failed = 0


def same(what, peer, ours):
    global passed, failed
    if peer == ours:
        passed += 1
        return
    failed += 1
    print(f"FAIL {what}")
    for path, a, b in list(differences(peer, ours))[:6]:
        print(f"   {path}\n      peer {json.dumps(a)[:400]}\n      ours {json.dumps(b)[:400]}")


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b), key=str):
            yield from differences(a.get(key, "<absent>"), b.get(key, "<absent>"), f"{path}.{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f"{path}[{index}]")
    elif a != b:
        yield path, a, b


def outline(log):
    return [f"{e['dagster_event_type'] or 'LOG'}:{e['step_key'] or ''}" for e in log]


def compare(peer, ours):
    import cases

    global IDS_DIFFER
    IDS_DIFFER = Path(ours, "postgres.url").exists() or BEFORE_1_13

    for name, *_ in cases.CASES:
        a, b = log_of(peer, run_id(name)), log_of(ours, run_id(name))
        plain_a, plain_b = without_captures(a), without_captures(b)
        same(f"{name}: order of events", outline(plain_a), outline(plain_b))
        if len(plain_a) == len(plain_b):
            for x, y in zip(plain_a, plain_b):
                same(f"{name}: {x['dagster_event_type'] or 'log line'} of {x['step_key'] or 'the run'}", x, y)
        keys = {json.dumps(sorted(e["event"]["dagster_event"]["event_specific_data"])) for log in (a, b) for e in log if e["dagster_event_type"] == "LOGS_CAPTURED"}
        same(f"{name}: fields of captured logs", 1, len(keys))
        captured = {key for e in b if e["dagster_event_type"] == "LOGS_CAPTURED" for key in e["event"]["dagster_event"]["event_specific_data"]["step_keys"]}
        same(f"{name}: every started step has its output captured", True, {e["step_key"] for e in b if e["dagster_event_type"] == "STEP_START"} <= captured)
    index_types = "dagster_event_type != 'ASSET_CHECK_EVALUATION' and" if BEFORE_1_13 else ""
    where = f"where {index_types} (dagster_event_type like 'ASSET%' or dagster_event_type like 'PIPELINE%')"
    tables = [
        ("runs", "runs", "select run_id, status, run_body, partition, partition_set, start_time, end_time from runs order by run_id"),
        ("run tags", "runs", "select run_id, key, value from run_tags order by run_id, key"),
        ("index events", "runs/index", f"select * from event_logs {where} order by id"),
        ("asset keys", "runs/index", "select * from asset_keys order by asset_key"),
        ("asset event tags", "runs/index", "select event_id, asset_key, key, value, event_timestamp from asset_event_tags order by id"),
        ("pool limits", "runs/index", "select concurrency_key, \"limit\", using_default_limit from concurrency_limits"),
        ("pool slots", "runs/index", "select concurrency_key, run_id, step_key, deleted from concurrency_slots"),
        ("steps that wait for pools", "runs/index", "select * from pending_steps"),
        ("check executions", "runs/index", "select * from asset_check_executions order by asset_key, check_name, run_id, partition"),
    ]
    for what, database, query in tables:
        a, b = (rows(home, database, query) for home in (peer, ours))
        if what == "asset keys":
            a, b = ([last_of_range(row) for row in list] for list in (a, b))
        if what == "index events":
            a, b = ([{k: v for k, v in row.items() if k != "id"} for row in by_partition(list)] for list in (a, b))
        same(f"{what}: number of rows", len(a), len(b))
        for x, y in zip(a, b):
            same(f"{what}: {x.get('run_id') or ''} {x.get('asset_key') or ''} {x.get('dagster_event_type') or ''}", normal(x), normal(y))
    for asset, theirs, own in zip(sorted(key.to_user_string() for key in graph().get_all_asset_keys()), staleness(peer), staleness(ours)):
        same(f"staleness of {asset}", theirs, own)
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def graph():
    import cases

    return cases.defs.resolve_asset_graph()


def staleness(home):
    """What the host's own resolver makes of the events: per asset, status and causes of the whole and of each partition."""
    from dagster import DagsterInstance
    from dagster._core.definitions.data_version import CachingStaleStatusResolver
    from dagster._core.loader import LoadingContextForTest

    with DagsterInstance.from_config(home) as instance:
        resolver = CachingStaleStatusResolver(instance, graph(), LoadingContextForTest(instance))
        found = []
        for key in sorted(graph().get_all_asset_keys(), key=lambda key: key.to_user_string()):
            definition = graph().get(key).partitions_def
            partitions = [None] if definition is None else list(definition.get_partition_keys())[:12]
            found.append([[p, resolver.get_status(key, p).value, sorted(f"{c.key} {c.category.value} {c.reason}" for c in resolver.get_stale_causes(key, p))] for p in partitions])
        return found


def noise(home):
    """The host writes to the same files: planned events of new runs, ticks, freshness."""
    from dagster import AssetObservation, DagsterInstance

    with DagsterInstance.from_config(home) as instance:
        for number in range(200):
            instance.report_runless_asset_event(AssetObservation("noise", metadata={"n": number}))


def count(home):
    types = ["PIPELINE_START", "STEP_START", "STEP_OUTPUT", "ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "STEP_SUCCESS", "PIPELINE_SUCCESS"]
    expected = {"PIPELINE_START": 1, "STEP_START": 3, "STEP_OUTPUT": 3, "ASSET_MATERIALIZATION": 3, "ASSET_OBSERVATION": 1, "STEP_SUCCESS": 3,
                "PIPELINE_SUCCESS": 1, None: 2}
    index = {(r["run_id"], r["t"]): r["n"] for r in rows(home, "runs/index", "select run_id, dagster_event_type t, count(*) n from event_logs group by 1, 2")}
    status = {r["run_id"]: r["status"] for r in rows(home, "runs", "select run_id, status from runs")}
    for number in range(CROWD):
        run = run_id(f"crowd {number}")
        found = {r["t"]: r["n"] for r in rows(home, f"runs/{run}", f"select dagster_event_type t, count(*) n from event_logs where run_id = '{run}' group by 1")}
        same(f"run {number} of {CROWD}: events", expected, {kind: found.get(kind) for kind in [*types, None]})
        mirrored = ["ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "PIPELINE_START", "PIPELINE_SUCCESS"]
        same(f"run {number} of {CROWD}: events in the index", [expected[k] for k in mirrored], [index.get((run, k)) for k in mirrored])
        same(f"run {number} of {CROWD}: status", "SUCCESS", status[run])
    same("events of the host", 200, index.get(("", "ASSET_OBSERVATION")))
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def tally(home):
    run = run_id("long")
    found = rows(home, f"runs/{run}", f"select event from event_logs where run_id = '{run}' and dagster_event_type = 'ASSET_OBSERVATION' order by id")
    numbers = [json.loads(row["event"])["dagster_event"]["event_specific_data"]["asset_observation"]["metadata_entries"][0]["entry_data"]["value"] for row in found]
    same("each event once, in order", list(range(len(numbers))), numbers)
    same("number of events", 300, len(numbers))
    status = [row["status"] for row in rows(home, "runs", f"select status from runs where run_id = '{run}'")]
    same("status after a restart of the database", ["SUCCESS"], status)
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def main():
    command, *homes = sys.argv[1:]
    if command == "compare":
        sys.exit(0 if compare(*homes) else 1)
    if command == "count":
        sys.exit(0 if count(*homes) else 1)
    if command == "tally":
        sys.exit(0 if tally(*homes) else 1)
    if command == "noise":
        return noise(*homes)
    if command == "crowd":
        planned = [prepare(homes[0], [(f"crowd {n}", CROWD_ASSETS, [], {}) for n in range(CROWD)])]
    elif command == "long":
        planned = [prepare(homes[0], [("long", ["raw"], [], {})])]
    else:
        import cases

        planned = [prepare(home, cases.CASES) for home in homes]
        execute(homes[0], planned[0])
    Path(homes[-1], "planned.json").write_text(json.dumps(planned[-1]))


if __name__ == "__main__":
    main()
