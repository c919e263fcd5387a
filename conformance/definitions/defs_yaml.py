"""The same component files in Dagster: a project for each case, and what its assets look like."""

import importlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

import dagster as dg
from dagster._serdes import serialize_value
from dagster.components.core.load_defs import load_from_defs_folder

PARTS = """import dagster as dg


class Chain(dg.Component, dg.Model, dg.Resolvable):
    names: list[str]

    def build_defs(self, context):
        def make(index, name):
            @dg.asset(
                key=name.split("/"), deps=[dg.AssetKey(self.names[index - 1].split("/"))] if index else [],
                tags={"t": "1", "keep": "y"}, kinds={"sql"}, metadata={"m": "1"}, group_name="g", owners=["team:x"],
                description="d", code_version="1",
            )
            def made(): ...
            return made

        @dg.multi_asset(specs=[dg.AssetSpec("m1"), dg.AssetSpec("m2", deps=["m1"])], name="several", can_subset=True)
        def several(): ...

        chained = [make(index, name) for index, name in enumerate(self.names)]
        return dg.Definitions(assets=[*chained, several, dg.AssetSpec("ext")])
"""
VARS = """import dagster as dg


@dg.template_var
def name(): return "from_vars"


@dg.template_var
def folder_name(context): return context.path.name


@dg.template_var
def join(): return lambda a, b="d": f"{a}_{b}"


@dg.template_var
def listed(): return ["l1", "l2"]


@dg.template_var
def parts(): return dg.StaticPartitionsDefinition(["k"])


@dg.template_var
def env(): return "mine"
"""
MODULES = {
    "chain": VARS,
    "folder": VARS,
    "none": "nothing = 1\n",
    "failing": "import dagster as dg\n@dg.template_var\ndef name(): raise ValueError('boom')\n",
    "two arguments": "import dagster as dg\n@dg.template_var\ndef name(a, b): return a\n",
}


def partitions(definition):
    if definition is None:
        return None
    if isinstance(definition, dg.StaticPartitionsDefinition):
        return {"kind": "static", "keys": list(definition.get_partition_keys())}
    return {
        "kind": "timeWindow",
        "start": definition.start.timestamp(),
        "timezone": definition.timezone,
        "fmt": definition.fmt,
        "cronSchedule": definition.cron_schedule,
        "endOffset": definition.end_offset,
    }


def freshness(policy):
    if policy is None:
        return None
    return {
        "kind": "cron",
        "deadlineCron": policy.deadline_cron,
        "lowerBoundDelta": policy.lower_bound_delta.total_seconds(),
        "timezone": policy.timezone,
    }


def shape(spec):
    own = {k: v for k, v in spec.metadata.items() if k != "dagster/component_origin"}
    normal = dg.AssetSpec("x", metadata=own).metadata
    return {
        "deps": [dep.asset_key.to_user_string() for dep in spec.deps],
        "tags": {k: v for k, v in spec.tags.items() if not k.startswith("dagster/kind/")},
        "kinds": sorted(spec.kinds),
        "metadata": {
            k: json.loads(re.sub(r'"file_path": "[^"]*/', '"file_path": "', serialize_value(v)))
            for k, v in dg._core.definitions.metadata.normalize_metadata(normal).items()
        },
        "group": spec.group_name,
        "owners": list(spec.owners),
        "description": spec.description,
        "code_version": spec.code_version,
        "skippable": spec.skippable,
        "partitions": partitions(spec.partitions_def),
        "automation": spec.automation_condition.get_label() if spec.automation_condition else None,
        "freshness": freshness(spec.freshness_policy),
    }


def load(case):
    """By key what each asset looks like, or the error."""
    root = Path(tempfile.mkdtemp(prefix="defs-yaml-"))
    path = str(root / "src")
    sys.path.insert(0, path)
    try:
        package = root / "src" / "peer_project"
        files = {
            package / "__init__.py": "",
            package / "parts.py": PARTS,
            package / "defs" / "__init__.py": "",
            package / "defs" / "chain" / "__init__.py": "",
            package / "defs" / "chain" / "defs.yaml": f"type: peer_project.parts.Chain\n{case['component']}",
            root / "src" / "pyproject.toml": '[tool.dg]\ndirectory_type = "project"\n[tool.dg.project]\nroot_module = "peer_project"\n',
        }
        if case["folder"] is not None:
            files[package / "defs" / "defs.yaml"] = case["folder"]
        if case["vars"] is not None:
            files[package / "defs" / ("" if case["vars"] == "folder" else "chain") / "vars.py"] = MODULES[case["vars"]]
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for module in [m for m in sys.modules if m.split(".")[0] == "peer_project"]:
            del sys.modules[module]
        importlib.invalidate_caches()
        definitions = load_from_defs_folder(path_within_project=root / "src")
        made = {spec.key.to_user_string(): shape(spec) for spec in definitions.resolve_all_asset_specs()}
        return made, None
    except BaseException as error:
        return None, f"{type(error).__name__}: {str(error)[-300:]}"
    finally:
        sys.path.remove(path)
        shutil.rmtree(root, ignore_errors=True)
