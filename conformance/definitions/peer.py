"""Compares payloads that the TypeScript side wrote with what Dagster makes of equivalent definitions.

    peer.py FOLDER      one file per payload, named SET.KIND[.NAME].json; see run.ts

Payloads are read back with Dagster's own `deserialize_value` and compared object by object. The last line is
`N passed, M failed`.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

from dagster import AssetCheckKey, AssetKey, AssetSelection, AutomationCondition
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.remote_representation.external_data import JobDataSnap, RepositorySnap
from dagster._core.snap import snapshot_from_execution_plan
from dagster._serdes import deserialize_value, serialize_value

import defs_yaml
from shapes import ALL, BEFORE_1_13

REFERENCES = "dagster/code_references"

passed = failed = 0


def check(name, ours, theirs):
    global passed, failed
    if ours == theirs:
        passed += 1
        return
    failed += 1
    print(f"FAIL {name}\n  ours {str(ours)[:700]}\n  host {str(theirs)[:700]}")


def fields(value):
    return json.loads(serialize_value(value))


def without(record, *names):
    return {key: value for key, value in record.items() if key not in names}


def by(items, *names):
    return {tuple(json.dumps(item[name]) for name in names): item for item in items}


def normal_asset(node):
    # Two fields that Python fills with words of its own world: the stub marker, and which of several equal names.
    node["metadata_entries"] = [e for e in node["metadata_entries"] if e["label"] != "dagster/auto_created_stub_asset"]
    node["owners"] = sorted(node["owners"])
    if BEFORE_1_13:
        node["depended_by"] = []  # No host reads it.
    return node


def repository(name, text, definitions):
    ours_snap = deserialize_value(text, RepositorySnap)
    check(f"{name}: text survives Dagster", serialize_value(ours_snap), text)
    ours = fields(ours_snap)
    theirs = fields(RepositorySnap.from_def(definitions.get_repository_def(), defer_snapshots=True))
    for kind, keys in (
        ("external_asset_graph_data", ["asset_key"]),
        ("external_asset_checks", ["asset_key", "name"]),
        ("external_schedule_datas", ["name"]),
        ("external_sensor_datas", ["name"]),
        ("external_partition_set_datas", ["name"]),
    ):
        left, right = by(ours[kind], *keys), by(theirs[kind], *keys)
        check(f"{name}: keys of {kind}", sorted(left), sorted(right))
        check(f"{name}: order of {kind}", list(left), list(right))
        for key in left.keys() & right.keys():
            a, b = left[key], right[key]
            if kind == "external_asset_graph_data":
                a, b = normal_asset(a), normal_asset(b)
            for field in sorted(a.keys() | b.keys()):
                check(f"{name}: {kind} {key} {field}", a.get(field), b.get(field))
    check(f"{name}: job refs", [r["name"] for r in ours["external_job_refs"]], [r["name"] for r in theirs["external_job_refs"]])
    check(f"{name}: metadata", ours["metadata"], theirs["metadata"])
    left, right = by(ours["external_resource_data"], "name"), by(theirs["external_resource_data"], "name")
    check(f"{name}: resources", sorted(left), sorted(right))
    for key in left.keys() & right.keys():
        a, b = left[key], right[key]
        for field in ("asset_keys_using", "schedules_using", "sensors_using", "is_top_level"):
            check(f"{name}: resource {key} {field}", a[field], b[field])
        shown = [[without(f, "type_key") for f in r["config_field_snaps"]] for r in (a, b)]
        check(f"{name}: resource {key} fields", *shown)
        texts = [[r["resource_snapshot"][f] for f in ("name", "description")] for r in (a, b)]
        check(f"{name}: resource {key} texts", *texts)


def sort_items(snapshot):
    return {
        "invocations": {
            s["solid_name"]: {**s, **({"tags": {}} if BEFORE_1_13 else {}), "input_dep_snaps": sorted(s["input_dep_snaps"], key=lambda d: d["input_name"])}
            for s in snapshot["dep_structure_snapshot"]["solid_invocation_snaps"]
        },
        "definitions": {
            d["name"]: {
                **without(d, "config_field_snap", "description"),
                "input_def_snaps": sorted((i["name"] for i in d["input_def_snaps"])),
                "output_def_snaps": sorted(
                    (o["name"], o["dagster_type_key"], o["is_required"]) for o in d["output_def_snaps"]
                ),
            }
            for d in snapshot["solid_definitions_snapshot"]["solid_def_snaps"]
        },
    }


def config_tree(snapshot, key):
    """A config type with what it is made of; keys and texts about types are free, names of enums too."""
    found = snapshot["config_schema_snapshot"]["all_config_snaps_by_key"][key]
    return {
        "kind": found["kind"],
        "scalar": found["scalar_kind"],
        "values": [v["value"] for v in found["enum_values"] or []],
        "params": [config_tree(snapshot, k) for k in found["type_param_keys"] or []],
        "fields": [config_field(snapshot, f) for f in found["fields"] or []],
    }


def config_field(snapshot, field):
    text = field["default_value_as_json_str"]
    return {
        **without(field, "type_key", "default_value_as_json_str"),
        "default": None if text is None else json.loads(text),
        "type": config_tree(snapshot, field["type_key"]),
    }


def config_types_of(entry):
    return [f["type"] for f in entry["type"]["fields"]] if entry else []


def is_untyped(entry):
    return [t["kind"]["__enum__"] for t in config_types_of(entry)] == ["ConfigTypeKind.ANY"]


def is_empty(entry):
    return [t["fields"] for t in config_types_of(entry)] == [[]]


def root_fields(snapshot):
    types = snapshot["config_schema_snapshot"]["all_config_snaps_by_key"]
    return {f["name"]: f for f in types[snapshot["mode_def_snaps"][0]["root_config_key"]]["fields"]}


def section(snapshot, name):
    """What a launchpad takes for all ops, or for all resources. Python's I/O manager does not exist here."""
    field = root_fields(snapshot)[name]
    types = snapshot["config_schema_snapshot"]["all_config_snaps_by_key"]
    entries = {f["name"]: config_field(snapshot, f) for f in types[field["type_key"]]["fields"]}
    entries.pop("io_manager", None)
    text = field["default_value_as_json_str"]
    default = None if text is None else without(json.loads(text), "io_manager")
    return field["is_required"], entries, default


def config_types_known(name, snapshot):
    """The host looks up the config types of ops and resources by key when a page shows them."""
    types = snapshot["config_schema_snapshot"]["all_config_snaps_by_key"]
    shown = snapshot["solid_definitions_snapshot"]["solid_def_snaps"] + snapshot["mode_def_snaps"][0]["resource_def_snaps"]
    missing = [s["name"] for s in shown if s["config_field_snap"] and s["config_field_snap"]["type_key"] not in types]
    check(f"{name}: config types of ops and resources", missing, [])


def job(name, text, job_def):
    ours_snap = deserialize_value(text, JobDataSnap)
    check(f"{name}: text survives Dagster", serialize_value(ours_snap), text)
    ours = fields(ours_snap)["pipeline_snapshot"]
    theirs = fields(JobDataSnap.from_job_def(job_def, include_parent_snapshot=False))["pipeline_snapshot"]
    left, right = sort_items(ours), sort_items(theirs)
    for part in ("invocations", "definitions"):
        check(f"{name}: {part}", sorted(left[part]), sorted(right[part]))
        for key in left[part].keys() & right[part].keys():
            check(f"{name}: {part} {key}", left[part][key], right[part][key])
    config_types_known(name, ours)
    resource_names = [[r["name"] for r in s["mode_def_snaps"][0]["resource_def_snaps"] if r["name"] != "io_manager"] for s in (ours, theirs)]
    check(f"{name}: resources", *resource_names)
    a, b = root_fields(ours), root_fields(theirs)
    check(f"{name}: sections of the config", sorted(a), sorted(b))
    if "ops" in b:
        job_config(name, ours, theirs)
    else:
        check(f"{name}: the job's own config", *({k: config_field(s, f) for k, f in r.items()} for s, r in ((ours, a), (theirs, b))))
    for field in ("name", "description", "tags", "graph_def_name"):
        check(f"{name}: {field}", ours.get(field), theirs.get(field))
    lineage = ("asset_selection", "asset_check_selection")
    a, b = ours["lineage_snapshot"], theirs["lineage_snapshot"]
    check(f"{name}: lineage", a and {k: a[k] for k in lineage}, b and {k: b[k] for k in lineage})


def job_config(name, ours, theirs):
    for (need, entries, default), (their_need, their_entries, their_default) in [(section(ours, "resources"), section(theirs, "resources"))]:
        check(f"{name}: resource config is required", need, their_need)
        check(f"{name}: default config of resources", default, their_default)
        for key in entries.keys() | their_entries.keys():
            check(f"{name}: config of resource {key}", entries.get(key), their_entries.get(key))
    our_need, our_configs, _ = section(ours, "ops")
    their_need, their_configs, _ = section(theirs, "ops")
    check(f"{name}: config is required", our_need, their_need)
    for key in our_configs.keys() | their_configs.keys():
        if is_untyped(our_configs.get(key)) and is_empty(their_configs.get(key)):
            continue  # An op that declares nothing takes any config here; Python's assets with several outputs take none.
        ours_of, theirs_of = our_configs.get(key), their_configs.get(key)
        if name in ("config job given", "resources job easy"):
            # A job's values fill single gaps here; Python's stand for the whole entry or not at all.
            free = ("type", "default", *(("is_required", "default_provided") if BEFORE_1_13 else ()))
            ours_of, theirs_of = (without(entry, *free) for entry in (ours_of, theirs_of))
        check(f"{name}: config of {key}", ours_of, theirs_of)


def plan(name, text, job_def):
    ours = json.loads(text)
    check(f"{name}: text survives Dagster", serialize_value(deserialize_value(text)), text)
    built = ExecutionPlan.build(job_def, _environment(job_def))
    theirs = fields(snapshot_from_execution_plan(built, "SNAPID"))
    check(f"{name}: order", ours["step_keys_to_execute"], theirs["step_keys_to_execute"])
    left, right = by(ours["steps"], "key"), by(theirs["steps"], "key")
    check(f"{name}: steps", list(left), list(right))
    for key in left.keys() & right.keys():
        a, b = left[key], right[key]
        for part in ("inputs", "outputs"):
            a[part], b[part] = (sorted(x[part], key=lambda item: item["name"]) for x in (a, b))
        for field in sorted(a.keys() | b.keys()):
            check(f"{name}: step {key} {field}", a.get(field), b.get(field))


def _environment(job_def):
    from dagster._core.system_config.objects import ResolvedRunConfig

    return ResolvedRunConfig.build(job_def, {})


def conditions(ours):
    """Every public condition and operator of this release exists on the other side, in its way of writing."""
    for name, member in vars(AutomationCondition).items():
        if getattr(member, "_is_public", False) or (isinstance(member, staticmethod) and not name.startswith("_")):
            head, *rest = name.split("_")
            written = head + "".join(part.capitalize() for part in rest)
            check(f"AutomationCondition.{name}", written in ours, True)


def selection(spec):
    checks = spec["checks"]
    return {
        "asset_selection": {AssetKey(path) for path in spec["assets"]},
        "asset_check_selection": None if checks is None else {AssetCheckKey(AssetKey(p), n) for p, n in checks},
    }


def component_file(case):
    ours, (theirs, error) = case["assets"], defs_yaml.load(case)
    label = f"defs.yaml, {case['title']}"
    if ours is None or theirs is None:
        check(f"{label}: refused (ours: {case.get('error')}; host: {error})", ours is None, theirs is None)
        return
    for key in ours.keys() | theirs.keys():
        a, b = ours.get(key), theirs.get(key)
        if a is None and b and not b["tags"] and not b["deps"]:
            continue  # Python lists an asset that is only named as a dependency.
        if a and b and REFERENCES not in b["metadata"]:
            a["metadata"].pop(REFERENCES, None)  # Lost there when metadata is replaced; where it is written stays true.
        check(f"{label}: {key}", a, b)


def selected(payload, graph):
    text = payload["text"]
    try:
        theirs = sorted(k.to_user_string() for k in AssetSelection.from_string(text, include_sources=True).resolve(graph))
    except Exception:
        theirs = None
    check(f"selection {text} ({payload.get('error')})", payload["keys"], theirs)


def main(folder):
    conditions((Path(folder) / "condition-methods.txt").read_text().split("\n"))
    sets = {name: make() for name, make in ALL.items()}
    for file in sorted(Path(folder).glob("*.json")):
        text = file.read_text()
        set_name, kind, *rest = file.name.removesuffix(".json").split(".")
        definitions = sets[set_name]
        repo = definitions.get_repository_def()
        if kind == "repository":
            repository(set_name, text, definitions)
        elif kind == "job":
            job(f"{set_name} job {rest[0]}", text, repo.get_job(rest[0]))
        elif kind == "plan" and (set_name == "config" or rest[0] in ("mapped", "needy", "__ASSET_JOB") and set_name == "resources"):
            continue  # Python plans no run without the config that these ops and resources require.
        elif kind == "plan":
            plan(f"{set_name} plan {rest[0]}", text, repo.get_job(rest[0]))
        elif kind == "defs_yaml":
            component_file(json.loads(text))
        elif kind == "selection":
            selected(json.loads(text), repo.asset_graph)
        elif kind == "subset":
            payload = json.loads(text)
            base = repo.get_job(IMPLICIT_ASSET_JOB_NAME)
            label = f"{set_name} subset {rest[0]}"
            try:
                subset = base.get_subset(**selection(payload["selection"]))
            except Exception as error:
                check(f"{label}: refused ({type(error).__name__}: {str(error)[:200]})", payload.get("job") is None, True)
                continue
            if payload.get("job") is None:
                check(f"{label}: accepted", payload.get("error"), None)
                continue
            job(label, payload["job"], subset)
            plan(label, payload["plan"], subset)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(sys.argv[1]))
