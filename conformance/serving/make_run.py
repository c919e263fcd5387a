"""Creates runs as a launch from the web page does."""

import dagster as dg
from dagster._core.definitions.selector import JobSubsetSelector
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget


def make_run(instance, port, asset):
    """A run of one asset of the location that listens on the port; it waits to be started."""
    key = dg.AssetKey.from_user_string(asset)
    target = GrpcServerTarget(port=port, socket=None, host="localhost", location_name="loc")
    with WorkspaceProcessContext(instance, target) as process:
        location = process.create_request_context().get_code_location("loc")
        repository = location.get_repository("__repository__")
        job = location.get_job(
            JobSubsetSelector(
                location_name="loc",
                repository_name="__repository__",
                job_name="__ASSET_JOB",
                op_selection=None,
                asset_selection={key},
            )
        )
        plan = location.get_execution_plan(
            job, run_config={}, step_keys_to_execute=None, known_state=None, instance=instance
        )
        return instance.create_run(
            job_name="__ASSET_JOB",
            run_id=None,
            run_config={},
            status=dg.DagsterRunStatus.STARTING,
            tags={},
            root_run_id=None,
            parent_run_id=None,
            step_keys_to_execute=None,
            execution_plan_snapshot=plan.execution_plan_snapshot,
            job_snapshot=job.job_snapshot,
            parent_job_snapshot=job.parent_job_snapshot,
            asset_selection=frozenset({key}),
            asset_check_selection=None,
            resolved_op_selection=None,
            op_selection=None,
            remote_job_origin=job.get_remote_origin(),
            job_code_origin=job.get_python_origin(),
            asset_graph=repository.asset_graph,
        )
