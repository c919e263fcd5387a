"""Creates a run in a fresh instance and prints what a run launcher would execute: entry point and arguments.

    launch.py PORT ASSET
"""
import json
import sys

import dagster as dg
from dagster._grpc.types import ExecuteRunArgs

from make_run import make_run

port, asset = int(sys.argv[1]), sys.argv[2]
with dg.DagsterInstance.get() as instance:
    run = make_run(instance, port, asset)
    args = ExecuteRunArgs(
        job_origin=run.job_code_origin,
        run_id=run.run_id,
        instance_ref=instance.get_ref(),
        set_exit_code_on_failure=True,
    )
    print(json.dumps({"runId": run.run_id, "argv": args.get_command_args()}))
