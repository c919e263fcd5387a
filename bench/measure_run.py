"""Runs all unpartitioned assets of one code location in a real instance, as its stock run launcher does.

    measure_run.py --cwd DIR --log FILE [--runs N] COMMAND...      `{port}` in COMMAND becomes a free port

Prints one JSON object. The times are those of the run's stored events. first_step: seconds from RUN_STARTING to the
first STEP_START; whole_run: to the run's end; both the fastest of N runs (default 5), because other work on the machine
can only add. assets: how many each run materialised.
"""
import argparse
import json
import tempfile
import time

import dagster as dg
from dagster._core.definitions.selector import JobSubsetSelector
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget
from location import end, free_port, spawn, wait_for_ping

REPOSITORY, JOB = "__repository__", "__ASSET_JOB"


def create_run(instance, location, keys):
    selector = JobSubsetSelector(location_name=location.name, repository_name=REPOSITORY, job_name=JOB,
                                 op_selection=None, asset_selection=keys)
    job = location.get_job(selector)
    plan = location.get_execution_plan(job, run_config={}, step_keys_to_execute=None, known_state=None, instance=instance)
    return instance.create_run(
        job_name=JOB, run_id=None, run_config={}, status=dg.DagsterRunStatus.NOT_STARTED, tags={}, root_run_id=None,
        parent_run_id=None, step_keys_to_execute=None, execution_plan_snapshot=plan.execution_plan_snapshot,
        job_snapshot=job.job_snapshot, parent_job_snapshot=job.parent_job_snapshot, asset_selection=frozenset(keys),
        asset_check_selection=None, resolved_op_selection=None, op_selection=None,
        remote_job_origin=job.get_remote_origin(), job_code_origin=job.get_python_origin(),
        asset_graph=location.get_repository(REPOSITORY).asset_graph)


def timeline(instance, run_id):
    """Seconds after RUN_STARTING of each stored event, by its type (the first of each)."""
    events = [entry for entry in instance.all_logs(run_id) if entry.is_dagster_event]
    at = {}
    for entry in events:
        at.setdefault(entry.dagster_event.event_type_value, entry.timestamp)
    begun = at["PIPELINE_STARTING"]
    count = sum(entry.dagster_event.event_type_value == "ASSET_MATERIALIZATION" for entry in events)
    return {name: moment - begun for name, moment in at.items()}, events[-1].timestamp - begun, count


def run_once(instance, workspace, location, keys):
    run = create_run(instance, location, keys)
    instance.launch_run(run.run_id, workspace)
    while not (done := instance.get_run_by_id(run.run_id)).is_finished:
        time.sleep(0.05)
    time.sleep(0.2)
    moments, whole, count = timeline(instance, run.run_id)
    if done.status != dg.DagsterRunStatus.SUCCESS:
        raise SystemExit(f"the run ended as {done.status}: {[e.user_message for e in instance.all_logs(run.run_id)][-5:]}")
    return {"first_step": moments["STEP_START"], "whole_run": whole, "assets": count}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cwd", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as home, dg.DagsterInstance.local_temp(home) as instance:
        server = spawn(options.command, port, options.cwd, options.log)
        try:
            wait_for_ping(server, port, options.log)
            target = GrpcServerTarget(port=port, socket=None, host="localhost", location_name="bench")
            with WorkspaceProcessContext(instance, target) as process:
                workspace = process.create_request_context()
                location = workspace.get_code_location("bench")
                graph = location.get_repository(REPOSITORY).asset_graph
                keys = {key for key in graph.materializable_asset_keys if not graph.get(key).is_partitioned}
                runs = [run_once(instance, workspace, location, keys) for _ in range(options.runs)]
        finally:
            end(server)
    fastest = {slot: min(run[slot] for run in runs) for slot in runs[0]}
    print(json.dumps({**fastest, "each": runs}))


main()
