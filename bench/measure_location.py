"""Spawns one code location and measures it as the stock host sees it; prints one JSON object.

    measure_location.py --cwd DIR --log FILE [--probe MODULE] COMMAND...      `{port}` becomes a free port

first_ping: seconds from spawn to the first answered Ping; snapshot: to the whole repository, streamed and
concatenated; cpu: what its processes had computed by then; again: the same call once more; peak_mb: the largest
resident size of all its processes together; longest_block: the longest time in seconds in which the event loop of
a Node process stood still, as the probe saw it.
"""
import argparse
import asyncio
import json
import os
import threading
import time

from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
from location import end, free_port, spawn, wait_for_ping


def family(root):
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                parents[int(name)] = int(stat.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    members = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in members} - members
        if not more:
            return members
        members |= more


def resident_mb(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")), 0)
    except OSError:
        return 0


def cpu_seconds(root):
    ticks = 0
    for pid in family(root):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                ticks += sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def probed(environment, probe, report):
    if probe is None:
        return environment
    return {**environment, "NODE_OPTIONS": f"--import={probe}", "EVENT_LOOP_REPORT": report}


def longest_block(report):
    if not os.path.exists(report):
        return None
    with open(report) as file:
        return json.load(file)["longest_block"]


def watch(root, peak, stop):
    while not stop.wait(0.1):
        peak[0] = max(peak[0], sum(map(resident_mb, family(root))))


async def whole_snapshot(client, origin):
    chunks = [reply async for reply in client.gen_streaming_external_repository(origin, defer_snapshots=True)]
    chunks.sort(key=lambda chunk: chunk["sequence_number"])
    return sum(len(chunk["serialized_external_repository_chunk"]) for chunk in chunks)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cwd", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--probe")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    port = free_port()
    report = f"{options.log}.loop"
    environment = probed(os.environ, options.probe, report)
    started = time.perf_counter()
    server = spawn(options.command, port, options.cwd, options.log, environment)
    peak, stop = [0.0], threading.Event()
    watcher = threading.Thread(target=watch, args=(server.pid, peak, stop))
    watcher.start()
    try:
        client = wait_for_ping(server, port, options.log)
        first_ping = time.perf_counter() - started
        listed = client.list_repositories()
        if "SerializableErrorInfo" in listed[:60]:
            raise SystemExit(f"the code location has a load error: {listed[:2000]}")
        origin = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("bench"), "__repository__")
        size = asyncio.run(whole_snapshot(client, origin))
        snapshot = time.perf_counter() - started
        cpu = cpu_seconds(server.pid)
        asked = time.perf_counter()
        asyncio.run(whole_snapshot(client, origin))
        again = time.perf_counter() - asked
    finally:
        stop.set()
        watcher.join()
        end(server)
    measured = {
        "first_ping": first_ping,
        "snapshot": snapshot,
        "cpu": cpu,
        "again": again,
        "peak_mb": peak[0],
        "longest_block": longest_block(report),
        "bytes": size,
    }
    print(json.dumps(measured))


main()
