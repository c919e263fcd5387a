"""A run launcher like those of clusters: it starts a process, can tell whether it lives, and can start another one."""
import base64
import os
import subprocess
import zlib

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, RunLauncher, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs, ResumeRunArgs
from dagster._serdes import ConfigurableClass, serialize_value

FORM_TAG = "form"


class ProcessLauncher(RunLauncher, ConfigurableClass):
    """The tag `form` of a run says how its arguments are handed over; `prefix` is a command to run the worker with."""

    def __init__(self, inst_data=None):
        super().__init__()
        self._inst_data = inst_data
        self.processes = {}

    @property
    def inst_data(self):
        return self._inst_data

    @classmethod
    def config_type(cls):
        return {}

    @classmethod
    def from_config_value(cls, inst_data, config_value):
        return cls(inst_data=inst_data)

    def start(self, run: DagsterRun, command, args):
        text = serialize_value(args)
        packed = base64.b64encode(zlib.compress(text.encode())).decode()
        entry = list(args.get_command_args())[:-2]
        form = run.tags.get(FORM_TAG, "text")
        env = {**os.environ, "DAGSTER_RUN_JOB_NAME": run.job_name}
        argv = [*run.tags.get("prefix", "").split(), *entry, command]
        if form == "text":
            argv.append(text)
        elif form == "variable":
            env["DAGSTER_EXECUTE_RUN_ARGS"] = text
        elif form == "packed":
            argv += ["--compressed-input-json", packed]
        elif form == "packed variable":
            env["DAGSTER_COMPRESSED_EXECUTE_RUN_ARGS"] = packed
        else:
            argv.append(run.tags["arguments"])
        log = open(os.path.join(os.environ["DAGSTER_HOME"], f"{run.run_id}.log"), "ab")
        self.processes[run.run_id] = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def launch_run(self, context):
        run = context.dagster_run
        self.start(run, "execute_run", ExecuteRunArgs(run.job_code_origin, run.run_id, self._instance.get_ref(), set_exit_code_on_failure=True))

    @property
    def supports_resume_run(self):
        return True

    def resume_run(self, context):
        run = context.dagster_run
        self.start(run.with_tags({**run.tags, FORM_TAG: "text"}), "resume_run", ResumeRunArgs(run.job_code_origin, run.run_id, self._instance.get_ref(), set_exit_code_on_failure=True))

    def terminate(self, run_id):
        run = self._instance.get_run_by_id(run_id)
        if run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        self.processes[run_id].terminate()
        return True

    @property
    def supports_check_run_worker_health(self):
        return True

    def check_run_worker_health(self, run):
        code = self.processes[run.run_id].poll()
        if code is None:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.SUCCESS if code == 0 else WorkerStatus.FAILED, f"exit code {code}")
