"""Write the table definitions of the installed Dagster's SQLite instance, for tests that need its tables.

usage: python table_ddl.py OUTPUT_FOLDER
"""
import os
import sqlite3
import sys
import tempfile

out = sys.argv[1]
with tempfile.TemporaryDirectory() as home:
    os.environ["DAGSTER_HOME"] = home
    import dagster

    with dagster.DagsterInstance.get() as instance:
        instance.event_log_storage.get_maximum_record_id()
    for name, path in (("runs", "history/runs.db"), ("events", "history/runs/index.db")):
        connection = sqlite3.connect(os.path.join(home, path))
        statements = [sql for (sql,) in connection.execute("select sql from sqlite_master where sql is not null")]
        with open(os.path.join(out, f"{name}.sql"), "w") as file:
            file.write(f"-- Tables of Dagster {dagster.__version__}; written by conformance/worker/table_ddl.py, do not edit.\n")
            for sql in statements:
                file.write(" \n".join(line.rstrip() for line in sql.splitlines()).replace(" \n", "\n") + ";\n")
