import datetime

import dagster as dg

from .plain import BEFORE_1_13, made_asset

A = dg.AutomationCondition


def automation():
    conditions = {
        "eager": A.eager(),
        "on_cron": A.on_cron("0 5 * * 1", "Europe/Paris"),
        "on_missing": A.on_missing(),
        "and_or": (A.missing() & A.newly_updated() & A.in_progress()) | (A.code_version_changed() | ~A.execution_failed()),
        "since": A.data_version_changed().since(A.newly_requested()).with_label("x"),
        "handled": A.newly_missing().since_last_handled(),
        "newly_true": A.any_deps_missing().newly_true(),
        "deps": A.any_deps_match(A.missing()) & A.all_deps_match(A.newly_updated() | A.will_be_requested()),
        "checks": A.any_checks_match(A.check_failed(), blocking_only=True) | A.all_checks_match(A.check_passed()),
        "blocking": A.eager() & A.all_deps_blocking_checks_passed(),
        "window": A.in_latest_time_window(datetime.timedelta(days=2, hours=1)),
        "allow": A.eager().allow(dg.AssetSelection.groups("g")).ignore(dg.AssetSelection.assets("z")),
        "replaced": A.eager().replace("any_deps_updated", A.any_deps_updated().ignore(dg.AssetSelection.assets("z"))),
        "without": A.eager().without(~A.any_deps_missing()),
        "matches": A.asset_matches("other", A.newly_updated()),
        "downstream": A.any_downstream_conditions(),
    }
    conditions["last_run"] = (
        A.executed_with_tags(tag_keys={"b", "a"}, tag_values={"d": "1", "c": "2"}) | A.executed_with_tags()
    ) & ~A.executed_with_root_target()
    conditions["new_updates"] = A.any_new_update_has_run_tags(tag_keys={"x"}) | A.all_new_updates_have_run_tags(
        tag_values={"x": "y"}
    )
    conditions["requested"] = (
        A.initial_evaluation() | A.backfill_in_progress() | A.run_in_progress() | A.newly_missing()
    )
    conditions["updated_since"] = (
        A.all_deps_updated_since_cron("0 5 * * 1", "Europe/Paris") | A.any_deps_in_progress()
    )
    z = dg.AssetSelection.assets("z")
    conditions["nested"] = (
        A.any_deps_match(A.any_deps_match(A.missing()).ignore(z)).allow(z).allow(dg.AssetSelection.groups("g"))
    )
    conditions["swapped"] = A.on_cron("@daily").replace(
        A.in_latest_time_window(), A.in_latest_time_window(datetime.timedelta(hours=1))
    )
    if not BEFORE_1_13:
        conditions["fresh"] = A.freshness_failed() | A.freshness_warned() | ~A.freshness_passed()
    jobs = []
    if not BEFORE_1_13:
        jobs = [
            dg.define_asset_job(
                "roots", dg.AssetSelection.assets("eager"), automation_condition=A.any_job_root_assets_match(A.missing())
            ),
            dg.define_asset_job(
                "all_roots",
                dg.AssetSelection.assets("on_cron", "eager"),
                automation_condition=(
                    A.all_job_root_assets_match(A.eager()) & A.any_job_root_assets_match(A.cron_tick_passed("@daily"))
                )
                | A.any_job_root_assets_match(A.executed_with_tags(tag_keys={"b", "a"}, tag_values={"d": "1"})),
            ),
        ]
    sensor = dg.AutomationConditionSensorDefinition
    return dg.Definitions(
        assets=[automated(name, condition) for name, condition in conditions.items()],
        jobs=jobs,
        sensors=[
            sensor("no_backfills", target=dg.AssetSelection.assets("eager", "on_cron"), emit_backfills=False),
            sensor("tagged", target=dg.AssetSelection.assets("deps"), metadata={"owner": "x"}),
        ],
    )


def automated(name, condition):
    return made_asset(name, automation_condition=condition)
