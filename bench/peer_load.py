"""Loads a RockyComponent project with the Python integration, without a server: peer_load.py PROJECT.

Prints one JSON object: seconds from the state to the serialised snapshot, once everything is imported; the largest
resident size of the process, in megabytes; the snapshot's size, in bytes.
"""
import json
import os
import resource
import sys
import time
from pathlib import Path

from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.reconstruct import initialize_repository_def_from_pointer
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster_shared.serdes import serialize_value
import dagster_rocky  # noqa: F401
from peer_location import NAME, lay_out

project = Path(sys.argv[1]).resolve()
base = lay_out(project)
os.chdir(project)
pointer = ModuleCodePointer(f"{NAME}.definitions", "defs", str(base))
started = time.perf_counter()
repository = initialize_repository_def_from_pointer(pointer)
text = serialize_value(RepositorySnap.from_def(repository, defer_snapshots=True))
seconds = time.perf_counter() - started
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "bytes": len(text)}))
