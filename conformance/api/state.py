"""What the instance in DAGSTER_HOME says of versioned state, in Dagster's own words: key to version and bytes."""

import json
import tempfile
from pathlib import Path

from dagster import DagsterInstance

with DagsterInstance.get() as instance, tempfile.TemporaryDirectory() as folder:
    storage = instance.defs_state_storage
    found = {}
    info = storage.get_latest_defs_state_info()
    for key, state in (info.info_mapping if info else {}).items():
        path = Path(folder) / "state"
        storage.download_state_to_path(key, state.version, path)
        found[key] = {"version": state.version, "state": json.loads(path.read_text())}
    print(json.dumps({"class": type(storage).__name__, "base": str(storage.base_path), "keys": found}))
