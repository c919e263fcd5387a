"""Prints the status of a run of the instance in DAGSTER_HOME.

    status.py RUN
"""
import sys

import dagster as dg

with dg.DagsterInstance.get() as instance:
    print(instance.get_run_by_id(sys.argv[1]).status.value)
