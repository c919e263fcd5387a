"""Creates a run in a fresh instance and prints what a run launcher would execute: entry point and arguments.

    launch.py PORT ASSET
"""
import json
import sys

import dagster as dg
from dagster._core.launcher.base import LaunchRunContext, RunLauncher
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin
from dagster._core.remote_representation.job_index import JobIndex  # noqa: F401 (fails early on an unknown release)
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster._grpc.types import ExecuteRunArgs
from dagster._core.origin import JobPythonOrigin

port, asset = int(sys.argv[1]), sys.argv[2]
with dg.DagsterInstance.get() as instance:
    target = GrpcServerTarget(port=port, socket=None, host="localhost", location_name="loc")
    with WorkspaceProcessContext(instance, target) as process:
        request = process.create_request_context()
        location = request.get_code_location("loc")
        repository = location.get_repository("__repository__")
        from dagster._core.definitions.selector import JobSubsetSelector

        selector = JobSubsetSelector(location_name="loc", repository_name="__repository__", job_name="__ASSET_JOB",
                                     op_selection=None, asset_selection={dg.AssetKey.from_user_string(asset)})
        job = location.get_job(selector)
        plan = location.get_execution_plan(job, run_config={}, step_keys_to_execute=None, known_state=None, instance=instance)
        run = instance.create_run(
            job_name="__ASSET_JOB", run_id=None, run_config={}, status=dg.DagsterRunStatus.STARTING, tags={},
            root_run_id=None, parent_run_id=None, step_keys_to_execute=None,
            execution_plan_snapshot=plan.execution_plan_snapshot, job_snapshot=job.job_snapshot,
            parent_job_snapshot=job.parent_job_snapshot, asset_selection=frozenset({dg.AssetKey.from_user_string(asset)}),
            asset_check_selection=None, resolved_op_selection=None, op_selection=None,
            remote_job_origin=job.get_remote_origin(), job_code_origin=job.get_python_origin(), asset_graph=repository.asset_graph)
        args = ExecuteRunArgs(job_origin=run.job_code_origin, run_id=run.run_id, instance_ref=instance.get_ref(),
                              set_exit_code_on_failure=True)
        print(json.dumps({"runId": run.run_id, "argv": args.get_command_args()}))
