"""A host in one process: the stock instance, workspace and run monitor, without their timers.

usage: host.py PORT_OF_THE_CODE_LOCATION

Reads one JSON command per line, and answers each with one line.
"""
import json
import logging
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

from dagster import AssetKey, DagsterInstance, DagsterRunStatus
from dagster._core.definitions.selector import JobSubsetSelector
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration

LOCATION = "faults"


class Host:
    def __init__(self, port):
        self.instance = DagsterInstance.get()
        self.context = WorkspaceProcessContext(self.instance, GrpcServerTarget(host="localhost", port=port, socket=None, location_name=LOCATION))
        self.locks = []

    def location(self):
        return self.context.create_request_context().get_code_location(LOCATION)

    def job(self, location, name, keys):
        selector = JobSubsetSelector(location_name=LOCATION, repository_name="__repository__", job_name=name, op_selection=None, asset_selection=keys)
        return location.get_job(selector)

    def launch(self, assets, tags=None, config=None):
        location = self.location()
        keys = [AssetKey.from_user_string(key) for key in assets]
        job = self.job(location, "__ASSET_JOB", keys)
        plan = location.get_execution_plan(job, run_config=config or {}, step_keys_to_execute=None, known_state=None, instance=self.instance)
        run = self.instance.create_run(
            job_name=job.name, run_id=None, run_config=config or {}, status=DagsterRunStatus.NOT_STARTED, tags=tags or {}, root_run_id=None, parent_run_id=None,
            step_keys_to_execute=None, job_snapshot=job.job_snapshot, execution_plan_snapshot=plan.execution_plan_snapshot, parent_job_snapshot=job.parent_job_snapshot,
            asset_selection=frozenset(keys), asset_check_selection=None, resolved_op_selection=None, op_selection=None, remote_job_origin=job.get_remote_origin(),
            job_code_origin=job.get_python_origin(), asset_graph=location.get_repository("__repository__").asset_graph)
        return self.submit(run)

    def submit(self, run):
        self.instance.submit_run(run.run_id, self.context.create_request_context())
        return run.run_id

    def reexecute(self, run):
        parent = self.instance.get_run_by_id(run)
        location = self.location()
        again = self.instance.create_reexecuted_run(
            parent_run=parent, request_context=self.context.create_request_context(), code_location=location,
            remote_job=self.job(location, parent.job_name, list(parent.asset_selection)), strategy=ReexecutionStrategy.FROM_FAILURE, use_parent_run_tags=True)
        return self.submit(again)

    def monitor(self):
        list(error for error in execute_run_monitoring_iteration(self.context, logging.getLogger("monitor")) if error)
        return None

    def status(self, run):
        return self.instance.get_run_by_id(run).status.value

    def tags(self, run):
        return self.instance.get_run_by_id(run).tags

    def wait(self, run, seconds=60):
        """Until the run is over; gives its status."""
        end = time.time() + seconds
        while not self.instance.get_run_by_id(run).is_finished and time.time() < end:
            time.sleep(0.05)
        return self.status(run)

    def events(self, run):
        found = []
        for entry in self.instance.all_logs(run):
            event = entry.dagster_event
            data = event.event_specific_data if event else None
            error = getattr(data, "error", None)
            chain, at = [], error
            while at:
                chain.append(at.message)
                at = at.cause
            found.append({"type": event.event_type_value if event else "LOG", "step": entry.step_key, "message": entry.user_message or (event and event.message) or "", "error": "".join(chain)})
        return found

    def count(self, run):
        """How many rows the run's log has, by the type of their event."""
        counts = {}
        for record in self.instance.all_logs(run):
            kind = record.dagster_event.event_type_value if record.dagster_event else "LOG"
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def pid(self, run):
        return self.instance.run_launcher.processes[run].pid

    def kill(self, run, name="SIGKILL"):
        os.kill(self.pid(run), getattr(signal, name))
        return None

    def gone(self, run, seconds=30):
        """The exit code of the run's worker, once it is over; a signal is a negative number."""
        return self.instance.run_launcher.processes[run].wait(timeout=seconds)

    def terminate(self, run):
        return self.instance.run_launcher.terminate(run)

    def log(self, run):
        return Path(os.environ["DAGSTER_HOME"], f"{run}.log").read_text(errors="replace")

    def captured(self, run):
        """Size of everything that the steps of a run printed."""
        return sum(file.stat().st_size for file in Path(os.environ["DAGSTER_HOME"], "storage", run).rglob("*.out"))

    def lock(self, run):
        """Takes the write lock of every database of the instance, as another program might."""
        history = Path(os.environ["DAGSTER_HOME"], "history")
        for path in (history / "runs.db", history / "runs" / "index.db", history / "runs" / f"{run}.db"):
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            self.locks.append(connection)
        return None

    def unlock(self):
        while self.locks:
            self.locks.pop().close()
        return None

    def fill(self, megabytes):
        """Fills the disk under the instance until nothing more fits."""
        with open(Path(os.environ["DAGSTER_HOME"], "ballast"), "wb", buffering=0) as ballast:
            try:
                for _ in range(int(megabytes * 1024)):
                    ballast.write(b"x" * 1024)
            except OSError:
                return True
        return False

    def drain(self):
        os.unlink(Path(os.environ["DAGSTER_HOME"], "ballast"))
        return None


def main():
    host = Host(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"value": getattr(host, command["name"])(**command["args"])}
        except Exception as error:
            import traceback

            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
