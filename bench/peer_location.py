"""Serves a RockyComponent project with the Python integration: peer_location.py PROJECT PORT.

The throw-away Python project around it lies in PROJECT/_python and shares defs.yaml and the state by link.
"""
import os
import sys
from pathlib import Path

NAME = "benchpeer"


def lay_out(project: Path) -> Path:
    base = project / "_python"
    package = base / NAME
    (package / "defs" / "rocky").mkdir(parents=True, exist_ok=True)
    (base / "pyproject.toml").write_text(
        f'[project]\nname = "{NAME}"\nversion = "0"\n[tool.dg]\ndirectory_type = "project"\n'
        f'[tool.dg.project]\nroot_module = "{NAME}"\n'
    )
    (package / "__init__.py").write_text("")
    (package / "defs" / "__init__.py").write_text("")
    (package / "definitions.py").write_text(
        "from pathlib import Path\nimport dagster as dg\n\n@dg.definitions\ndef defs():\n"
        "    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)\n"
    )
    for link, target in (
        (package / "defs" / "rocky" / "defs.yaml", project / "defs.yaml"),
        (package / "defs" / ".local_defs_state", project / ".local_defs_state"),
    ):
        if not link.is_symlink():
            link.symlink_to(target)
    return base


def main():
    project = Path(sys.argv[1]).resolve()
    base = lay_out(project)
    os.chdir(project)
    os.environ["PYTHONPATH"] = str(base)
    os.environ.pop("DAGSTER_IS_DEV_CLI", None)
    arguments = ["-m", "dagster", "api", "grpc", "-h", "127.0.0.1", "-p", sys.argv[2]]
    os.execv(sys.executable, [sys.executable, *arguments, "-m", f"{NAME}.definitions", "--location-name", "bench"])


if __name__ == "__main__":
    main()
