"""Starting, asking and ending one code location process, for the scripts of this folder."""
import os
import signal
import socket
import subprocess
import time

from dagster._grpc.client import DagsterGrpcClient

TIMEOUT = 600


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def spawn(command, port, cwd, log, environment=os.environ):
    words = [word.replace("{port}", str(port)) for word in command]
    # Certificates that a machine adds cost every Node process a start, and nothing here connects to anywhere.
    own = {name: value for name, value in environment.items() if name != "NODE_EXTRA_CA_CERTS"}
    with open(log, "wb") as out:
        return subprocess.Popen(words, cwd=cwd, env=own, stdout=out, stderr=out, start_new_session=True)


def wait_for_ping(server, port, log):
    """A client of a location that has answered; leaves with a text when the location does not come up."""
    started = time.perf_counter()
    client = DagsterGrpcClient(host="127.0.0.1", port=port)
    while True:
        try:
            client.ping("bench")
            return client
        except Exception:
            if server.poll() is not None or time.perf_counter() - started > TIMEOUT:
                raise SystemExit(f"the code location did not come up; see {log}")
            time.sleep(0.02)


def end(server):
    for sent, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, None)):
        if server.poll() is None:
            os.killpg(server.pid, sent)
            try:
                server.wait(patience)
            except subprocess.TimeoutExpired:
                continue
